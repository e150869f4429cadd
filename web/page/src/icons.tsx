import type { ComponentChildren, JSX } from "preact";

function Icon({ children, size = 20, ...rest }: { children: ComponentChildren; size?: number } & JSX.IntrinsicElements["svg"]) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      {...rest}
    >
      {children}
    </svg>
  );
}

export const Plus = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;
export const Back = () => <Icon><path d="m15 18-6-6 6-6" /></Icon>;
export const Close = () => <Icon><path d="M18 6 6 18M6 6l12 12" /></Icon>;
export const More = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}><circle cx="5" cy="12" r="1" /><circle cx="12" cy="12" r="1" /><circle cx="19" cy="12" r="1" /></Icon>
);
export const Info = () => <Icon><circle cx="12" cy="12" r="9" /><path d="M12 11v5M12 8h.01" /></Icon>;
export const Send = () => <Icon><path d="M5 12 3.500 4.500 21 12 3.500 19.500 5 12Zm0 0h7" /></Icon>;
export const Down = () => <Icon size={18}><path d="M12 5v14m-6-6 6 6 6-6" /></Icon>;
export const SignOut = () => <Icon size={18}><path d="M9 20H5V4h4M15 16l4-4-4-4M19 12H9" /></Icon>;
export const Muted = () => <Icon size={14}><path d="M6 8a6 6 0 0 1 9.300-5M18 9c0 6 2 7 2 7H7M4 4l16 17M10.300 20a2 2 0 0 0 3.400 0" /></Icon>;
export const Bell = () => <Icon size={18}><path d="M6 9a6 6 0 0 1 12 0c0 5 2 7 2 7H4s2-2 2-7M10.300 20a2 2 0 0 0 3.400 0" /></Icon>;
export const Pin = ({ size = 14 }: { size?: number }) => <Icon size={size}><path d="M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7" /></Icon>;
export const Flag = () => <Icon size={18}><path d="M5 21V4h13l-3 4.500 3 4.500H5" /></Icon>;
export const Threads = () => <Icon size={16}><path d="M4 6h11M4 11h7M10 16h4l4 4v-4h2v-6h-5" /></Icon>;
export const People = () => <Icon><circle cx="9" cy="8" r="3.500" /><path d="M2.500 20a6.500 6.500 0 0 1 13 0M16 5a3.500 3.500 0 0 1 0 6.500M18 14.500a6.500 6.500 0 0 1 3.500 5.500" /></Icon>;
export const Bubble = () => (
  <Icon size={44} stroke-width="1.250"><path d="M4 6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-4 4v-4H6a2 2 0 0 1-2-2z" /><path d="M8 8.500h8M8 11.500h5" /></Icon>
);
export const Clock = () => <Icon size={14}><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></Icon>;
export const Check = () => <Icon size={16}><path d="m5 12.500 4.500 4.500L19 7.500" /></Icon>;
export const Checks = () => <Icon size={16}><path d="m1.500 12.500 4.500 4.500 9-9.500M11 15.500l1.500 1.500 9.500-9.500" /></Icon>;
export const Alert = () => <Icon size={14}><circle cx="12" cy="12" r="9" /><path d="M12 7.500v5M12 16.500h.01" /></Icon>;

/** The sign of the application. */
export const Logo = ({ size = 32 }: { size?: number }) => (
  <svg class="logo" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
    <rect width="64" height="64" rx="18" class="logo-ground" />
    <path d="M14 20a6 6 0 0 1 6-6h24a6 6 0 0 1 6 6v17a6 6 0 0 1-6 6H30l-10 9v-9a6 6 0 0 1-6-6z" class="logo-paper" />
    <path d="M22.500 35V23.500l9.500 7.500 9.500-7.500V35" class="logo-letter" />
  </svg>
);
