/** A dropped file as base64, at most as much of it as the program reads. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, 16 << 20).arrayBuffer());
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}
