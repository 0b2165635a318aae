import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { SetupPage } from '@/features/setup/setup-page';
import { useTokenFromAddress } from './use-token-from-address';

const route = getRouteApi('/setup');

export function SetupRoute() {
  const token = useTokenFromAddress(route.useSearch().token);
  const navigate = useNavigate();
  return <SetupPage token={token} onDone={() => void navigate({ to: '/', replace: true })} />;
}
