// The types of openapi-typescript, with openapi-fetch.
import createClient from 'openapi-fetch';
import type { paths } from '../generated/openapi-typescript/api.js';
import { baseUrl, failed, type GeneratedClient } from './walk.js';

const client = createClient<paths>({ baseUrl });

export const openapiFetch: GeneratedClient = {
  async register(body) {
    const { data, error } = await client.POST('/api/register/', { body });
    if (data === undefined) throw failed(error);
    return data;
  },
  async login(body) {
    const { data, error } = await client.POST('/api/login/', { body });
    if (data === undefined) throw failed(error);
    return data;
  },
  async me(accessToken) {
    const { data, error } = await client.GET('/api/me/', { headers: { authorization: `Bearer ${accessToken}` } });
    if (data === undefined) throw failed(error);
    return data;
  },
  async refresh(refresh_token, key) {
    const { data, error } = await client.POST('/api/refresh/', {
      body: { refresh_token },
      params: { header: { 'idempotency-key': key } },
    });
    if (data === undefined) throw failed(error);
    return data;
  },
  async logout(refresh_token) {
    const { data, error } = await client.POST('/api/logout/', { body: { refresh_token } });
    if (data === undefined) throw failed(error);
    return data;
  },
  async refusedRefresh(refresh_token) {
    const { data, error } = await client.POST('/api/refresh/', { body: { refresh_token } });
    if (error === undefined) throw failed(data);
    return error.code;
  },
};
