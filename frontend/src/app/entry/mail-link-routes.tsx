import { getRouteApi } from '@tanstack/react-router';
import { ResetPasswordPage } from '@/features/auth/reset-password-page';
import { VerifyEmailPage } from '@/features/auth/verify-email-page';
import { useTokenFromAddress } from './use-token-from-address';

const resetRoute = getRouteApi('/reset-password');
const verifyRoute = getRouteApi('/verify-email');

export function ResetPasswordRoute() {
  return <ResetPasswordPage token={useTokenFromAddress(resetRoute.useSearch().token)} />;
}

export function VerifyEmailRoute() {
  return <VerifyEmailPage token={useTokenFromAddress(verifyRoute.useSearch().token)} />;
}
