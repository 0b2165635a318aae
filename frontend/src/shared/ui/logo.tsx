import { cn } from '@/shared/lib/cn';

/** The mark alone; decorative, the name stands beside it. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={cn('size-7 shrink-0', className)} aria-hidden>
      <rect width="32" height="32" rx="8" fill="#f3b13c" />
      <path d="M8 10.5h16M8 16h11M8 21.5h16" stroke="#3a2410" strokeWidth="3.2" strokeLinecap="round" />
      <circle cx="23.6" cy="16" r="1.9" fill="#3a2410" />
    </svg>
  );
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('flex items-center gap-2.5 text-base font-semibold tracking-tight', className)}>
      <LogoMark />
      SnackBase
    </span>
  );
}
