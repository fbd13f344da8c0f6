/** What can be wrong in a people file; the program's codes. */
export const fileCodes = [
  "missing_column",
  "duplicate_column",
  "empty",
  "bad_address",
  "bad_url",
  "password_in_url",
  "duplicate_source",
  "duplicate_destination",
  "same_as_source",
  "extra_cell",
  "bad_encoding",
  "bad_quote",
  "bad_file",
  "old_workbook",
  "too_large",
  "no_rows",
] as const;
