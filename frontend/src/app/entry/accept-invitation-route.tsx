import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { AcceptInvitationPage } from '@/features/invitations/accept-invitation-page';
import { useTokenFromAddress } from './use-token-from-address';

const route = getRouteApi('/accept-invitation');

export function AcceptInvitationRoute() {
  const token = useTokenFromAddress(route.useSearch().token);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <AcceptInvitationPage
      token={token}
      onDone={() => {
        // Somebody else may have been signed in before.
        queryClient.clear();
        void navigate({ to: '/', replace: true });
      }}
    />
  );
}
