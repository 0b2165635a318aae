import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { SetupPage } from '@/features/setup/setup-page';

const route = getRouteApi('/setup');

/** Takes the setup token out of the address, where it would stay in the history. */
export function SetupRoute() {
  const { token: fromAddress } = route.useSearch();
  const [token] = useState(fromAddress);
  const navigate = useNavigate();
  useEffect(() => {
    if (fromAddress !== undefined) void navigate({ to: '/setup', search: {}, replace: true });
  }, [fromAddress, navigate]);
  return <SetupPage token={token} onDone={() => void navigate({ to: '/', replace: true })} />;
}
