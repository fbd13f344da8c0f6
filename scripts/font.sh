#!/bin/sh
# Makes backend/report/fonts/NotoSansSC.ttf.gz anew: Noto Sans SC cut down to what GBK, Latin, Greek, Cyrillic and
# kana need, without hints and layout tables. The result is committed; run this only to change it. The same inputs
# give the same bytes. Needs npm, python3 and Debian's python3-fonttools.
set -eu

cd -- "$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)"
package=@expo-google-fonts/noto-sans-sc@0.4.3
sum=d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16
out=$PWD/backend/report/fonts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "$package" >/dev/null
tar xzf ./*.tgz package/400Regular/NotoSansSC_400Regular.ttf package/LICENSE_FONT
printf '%s  %s\n' "$sum" package/400Regular/NotoSansSC_400Regular.ttf | sha256sum -c --quiet
/usr/bin/python3 - >chars <<'PY'
keep = set(range(0x20, 0x600)) | set(range(0x1E00, 0x2C00)) | set(range(0x3000, 0x3130)) | set(range(0xFF00, 0xFFF0))
for high in range(0x81, 0xFF):
    for low in range(0x40, 0xFF):
        try:
            keep.add(ord(bytes([high, low]).decode("gbk")))
        except UnicodeDecodeError:
            pass
print(",".join("U+%04X" % c for c in sorted(keep)))
PY
/usr/bin/python3 -m fontTools.subset package/400Regular/NotoSansSC_400Regular.ttf --unicodes-file=chars \
	--layout-features= --no-hinting --notdef-outline \
	--drop-tables+=GSUB,GPOS,GDEF,BASE,vhea,vmtx,VORG,STAT,DSIG,gasp --output-file=NotoSansSC.ttf
gzip -9nc NotoSansSC.ttf >"$out/NotoSansSC.ttf.gz"
cp package/LICENSE_FONT "$out/OFL.txt"
ls -l "$out"
