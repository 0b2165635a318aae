import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { preferredLanguage, showLanguage } from '@/shared/i18n/language';
import { App } from './app/app';
import './styles.css';

const root = document.getElementById('root');
if (root) {
  // The texts come before the first paint, so that no other language is seen.
  void showLanguage(preferredLanguage()).then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
