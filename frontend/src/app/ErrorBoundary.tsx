import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  /** What to show instead; again() tries the page once more. */
  fallback: (error: unknown, again: () => void) => ReactNode;
}

/** Keeps a page's fault from taking the window with it. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return this.props.fallback(error, () => this.setState({ error: undefined }));
  }
}
