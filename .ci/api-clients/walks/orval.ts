// The client of orval, for fetch.
import { getMe, login, logout, refresh, register } from '../generated/orval/api';
import { failed, type GeneratedClient } from './walk.js';

export const orval: GeneratedClient = {
  async register(account) {
    const response = await register(account);
    if (response.status !== 201) throw failed(response);
    return response.data;
  },
  async login(account) {
    const response = await login(account);
    if (response.status !== 200) throw failed(response);
    return response.data;
  },
  async me(accessToken) {
    const response = await getMe({ headers: { authorization: `Bearer ${accessToken}` } });
    if (response.status !== 200) throw failed(response);
    return response.data;
  },
  async refresh(refresh_token, key) {
    const response = await refresh({ refresh_token }, { headers: { 'idempotency-key': key } });
    if (response.status !== 200) throw failed(response);
    return response.data;
  },
  async logout(refresh_token) {
    const response = await logout({ refresh_token });
    if (response.status !== 200) throw failed(response);
    return response.data;
  },
  async refusedRefresh(refresh_token) {
    const response = await refresh({ refresh_token });
    if (response.status === 200) throw failed(response);
    return response.data.code;
  },
};
