// The client of @hey-api/openapi-ts.
import { client } from '../generated/hey-api/client.gen';
import { getMe, login, logout, refresh, register } from '../generated/hey-api/sdk.gen';
import { baseUrl, failed, type GeneratedClient } from './walk.js';

client.setConfig({ baseUrl });

export const heyApi: GeneratedClient = {
  async register(body) {
    const { data, error } = await register({ body });
    if (data === undefined) throw failed(error);
    return data;
  },
  async login(body) {
    const { data, error } = await login({ body });
    if (data === undefined) throw failed(error);
    return data;
  },
  async me(accessToken) {
    const { data, error } = await getMe({ auth: accessToken });
    if (data === undefined) throw failed(error);
    return data;
  },
  async refresh(refresh_token, key) {
    const { data, error } = await refresh({ body: { refresh_token }, headers: { 'idempotency-key': key } });
    if (data === undefined) throw failed(error);
    return data;
  },
  async logout(refresh_token) {
    const { data, error } = await logout({ body: { refresh_token } });
    if (data === undefined) throw failed(error);
    return data;
  },
  async refusedRefresh(refresh_token) {
    const { data, error } = await refresh({ body: { refresh_token } });
    if (error === undefined) throw failed(data);
    return error.code;
  },
};
