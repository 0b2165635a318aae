import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** Keeps the token that the address brought and takes it out of the address, where it would stay in the history. */
export function useTokenFromAddress(fromAddress: string | undefined): string | undefined {
  const [token] = useState(fromAddress);
  const navigate = useNavigate();
  useEffect(() => {
    if (fromAddress !== undefined) void navigate({ to: '.', search: {}, replace: true });
  }, [fromAddress, navigate]);
  return token;
}
