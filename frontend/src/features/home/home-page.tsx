import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { AccountOverview } from './account-overview';
import { Dashboard } from './dashboard';

/** The overview: of the installation for superadmins, of the own account for its admins. */
export function HomePage() {
  return isSuperadmin(useCaller()) ? <Dashboard /> : <AccountOverview />;
}
