/** A password: typed (in the page's memory) until it is in the vault, then a handle. */
export interface Password {
  typed: string;
  handle: string;
}

export const noPassword: Password = { typed: "", handle: "" };
