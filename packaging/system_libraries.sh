#!/bin/sh
# Installs the system libraries that Qt needs to open a window on Debian and Ubuntu: system_libraries.sh VENV
#
# PySide6 brings Qt itself, but Qt's X11 plugin loads a few libraries of the system that a bare machine lacks. The
# linker is asked which; if none is missing (or this is another system) nothing happens and nothing is said. Root
# gets them installed, everybody else is shown the command. It never stops the set-up: the network can be trained
# and its pictures drawn without a display.

venv=${1:?"name the virtual environment"}

command -v apt-get >/dev/null 2>&1 && command -v ldd >/dev/null 2>&1 || exit 0

# The Debian package of a library. Ubuntu 24.04 and Debian 13 call libglib2.0-0 libglib2.0-0t64 and let apt-get find
# it under the old name too.
package() {
    case $1 in
        libxcb-icccm.so.4) echo libxcb-icccm4 ;;
        libxcb-keysyms.so.1) echo libxcb-keysyms1 ;;
        libxcb-cursor.so.0) echo libxcb-cursor0 ;;
        libxcb-image.so.0) echo libxcb-image0 ;;
        libxcb-render-util.so.0) echo libxcb-render-util0 ;;
        libxcb-render.so.0) echo libxcb-render0 ;;
        libxcb-randr.so.0) echo libxcb-randr0 ;;
        libxcb-shape.so.0) echo libxcb-shape0 ;;
        libxcb-shm.so.0) echo libxcb-shm0 ;;
        libxcb-sync.so.1) echo libxcb-sync1 ;;
        libxcb-util.so.1) echo libxcb-util1 ;;
        libxcb-xfixes.so.0) echo libxcb-xfixes0 ;;
        libxcb-xinerama.so.0) echo libxcb-xinerama0 ;;
        libxcb-xkb.so.1) echo libxcb-xkb1 ;;
        libxcb-glx.so.0) echo libxcb-glx0 ;;
        libxcb.so.1) echo libxcb1 ;;
        libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
        libxkbcommon.so.0) echo libxkbcommon0 ;;
        libX11-xcb.so.1) echo libx11-xcb1 ;;
        libX11.so.6) echo libx11-6 ;;
        libEGL.so.1) echo libegl1 ;;
        libGL.so.1) echo libgl1 ;;
        libGLX.so.0) echo libglx0 ;;
        libGLdispatch.so.0) echo libglvnd0 ;;
        libOpenGL.so.0) echo libopengl0 ;;
        libdbus-1.so.3) echo libdbus-1-3 ;;
        libfontconfig.so.1) echo libfontconfig1 ;;
        libfreetype.so.6) echo libfreetype6 ;;
        libglib-2.0.so.0 | libgthread-2.0.so.0) echo libglib2.0-0 ;;
        libstdc++.so.6) echo libstdc++6 ;;
        libzstd.so.1) echo libzstd1 ;;
        libz.so.1) echo zlib1g ;;
        libbrotlidec.so.1) echo libbrotli1 ;;
    esac
}

# The libraries that the window loads and the linker does not find, one a line.
missing() {
    for qt in "$venv"/lib/python3*/site-packages/PySide6/Qt; do
        for file in "$qt"/plugins/platforms/libqxcb.so "$qt"/plugins/xcbglintegrations/*.so \
                    "$qt"/lib/libQt6Core.so.6 "$qt"/lib/libQt6Gui.so.6 "$qt"/lib/libQt6Widgets.so.6 \
                    "$qt"/lib/libQt6OpenGL.so.6 "$qt"/lib/libQt6OpenGLWidgets.so.6 "$qt"/lib/libQt6Svg.so.6 \
                    "$qt"/lib/libQt6DBus.so.6; do
            [ ! -e "$file" ] || ldd "$file" 2>/dev/null
        done
    done | awk '/not found/ && $1 !~ /^libQt6/ {print $1}' | sort -u
}

packages=
for library in $(missing); do
    name=$(package "$library")
    if [ -n "$name" ]; then
        case " $packages " in *" $name "*) ;; *) packages="$packages $name" ;; esac
    else
        echo "Relevo: Qt needs the system library $library, which is not installed." >&2
    fi
done
packages=${packages# }
[ -n "$packages" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Relevo: installing the system libraries that Qt lacks here: $packages"
    export DEBIAN_FRONTEND=noninteractive
    wait_for_lock="-o DPkg::Lock::Timeout=120"
    # $packages and $wait_for_lock are lists of words. Old package lists may still do, so update may fail.
    # shellcheck disable=SC2086
    {
        apt-get $wait_for_lock -qq update </dev/null || true
        apt-get $wait_for_lock -qq install -y --no-install-recommends $packages </dev/null >/dev/null && exit 0
    }
    echo "Relevo: that did not work; to open the window, run: apt-get install $packages" >&2
else
    echo "Relevo: to open the window, Qt needs a few system libraries: sudo apt-get install $packages" >&2
fi
exit 0
