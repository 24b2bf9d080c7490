#!/bin/sh
# A folder with a newer Debian, its Mesa (with lavapipe, a Vulkan driver for the processor) and its Node, for `npm run features`.
#   sudo scripts/lavapipe.sh <folder> [suite]
# Needs debootstrap, and root for chroot. The checkout appears inside under its own path.
set -eu
[ $# -ge 1 ] || { echo "usage: sudo $0 <folder> [suite]" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "lavapipe: run this as root: debootstrap and chroot need it" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "lavapipe: there is no debootstrap (apt-get install debootstrap)" >&2; exit 1; }

folder=$1
suite=${2:-sid}
checkout=$(cd "$(dirname "$0")/.." && pwd)
manifest=/usr/share/vulkan/icd.d/lvp_icd.json

[ -e "$folder/etc/debian_version" ] || debootstrap --variant=minbase --include=mesa-vulkan-drivers,libvulkan1,nodejs,ca-certificates "$suite" "$folder"
mkdir -p "$folder$checkout" "$folder/proc" "$folder/dev"
mountpoint -q "$folder/proc" || mount -t proc proc "$folder/proc"
mountpoint -q "$folder/dev" || mount --bind /dev "$folder/dev"
mountpoint -q "$folder$checkout" || mount --bind "$checkout" "$folder$checkout"
# Debian has named the manifest with and without the machine
[ -e "$folder$manifest" ] || ln -s "$(basename "$(ls "$folder"/usr/share/vulkan/icd.d/lvp_icd.*json | head -n 1)")" "$folder$manifest"

cat <<END
$folder is ready. Inside, without npm:
  sudo chroot $folder env ADJOINT_DEVICE=software VK_DRIVER_FILES=$manifest \\
    sh -c 'cd $checkout && node node_modules/vitest/vitest.mjs run --config tests/features/vitest.config.ts'
Before the folder is removed: umount $folder$checkout $folder/dev $folder/proc
END
