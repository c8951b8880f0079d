import { mount } from 'svelte';
import AppView from './App.svelte';
import { httpHost } from './api/http';
import type { Host } from './api/host';
import { tauriHost } from './api/tauri';
import { App } from './state/app.svelte';
import './styles/tokens.css';
import './styles/base.css';

/** The real window; else, in development and UI tests, the scripted program; else the server that gave this page. */
async function chooseHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in window) return tauriHost();
  if (import.meta.env.MODE !== 'production') {
    const { scriptedHostOf } = await import('./api/scripted');
    return scriptedHostOf(new URLSearchParams(location.search));
  }
  return httpHost(location.origin, new URLSearchParams(location.search).get('token') ?? '');
}

async function begin(): Promise<void> {
  const target = document.getElementById('app');
  if (target === null) return;
  const app = new App(await chooseHost());
  app.followHash();
  await app.begin();
  app.host.listen((told) => app.hear(told));
  target.replaceChildren();
  mount(AppView, { target, props: { app } });
}

void begin();
