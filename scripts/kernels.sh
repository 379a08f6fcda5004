#!/usr/bin/env bash
# Installs a library for the kernels that the default installation does without, into .cache/kernels, and prints the folder. See --help.
set -Eeuo pipefail
export LC_ALL=C

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly CACHE="${HANZO_CACHE:-$ROOT/.cache}/kernels"
readonly TFJS=4.22.0
readonly TENSORFLOW=2.21.0
readonly WEBGPU=0.6.2

usage() {
  cat <<'TEXT'
usage: scripts/kernels.sh webgpu|tensorflow|tensorflow-gpu|env

  webgpu          the npm package webgpu (Dawn)
  tensorflow      tfjs-node with its binding compiled against the TensorFlow of a PyPI wheel (npm, pip, g++; 1.2 GB of disk)
  tensorflow-gpu  the same against the wheel for CUDA 12 with NVIDIA's libraries from PyPI (5 GB of disk)
  env             prints assignments for `env` that let WebGPU find SwiftShader where there is no GPU (Chromium has it), or nothing

tfjs-node's own installer is never run: it fetches TensorFlow 2.9 of 2022, which knows no GPU since Ampere.
Afterwards: hanzod selftest --backend NAME --kernel-modules FOLDER, or `modules` in the section [kernels] of config/app.toml.
TEXT
}

say() { echo "kernels: $*" >&2; }
fail() { echo "kernels: $1" >&2; echo "  next: $2" >&2; exit 1; }
need() { command -v "$1" > /dev/null || fail "$1 is needed to install $2" "$3"; }

npm_into() { # folder packages…
  local folder=$1
  shift
  mkdir -p "$folder"
  [[ -f "$folder/package.json" ]] || echo '{"private":true}' > "$folder/package.json"
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "$@" >&2
}

install_webgpu() {
  [[ -d "$CACHE/node_modules/webgpu" ]] || { say "webgpu $WEBGPU from npm"; npm_into "$CACHE" "webgpu@$WEBGPU"; }
  echo "$CACHE"
}

# wheel requirement → its TensorFlow libraries and C headers under $CACHE/<name>
unpack_wheel() {
  local requirement=$1 folder=$2 wheels
  [[ -f "$folder/tensorflow/libtensorflow_cc.so.2" ]] && return
  wheels=$(mktemp -d)
  say "$requirement from PyPI"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$wheels" "$requirement" >&2
  mkdir -p "$folder"
  python3 - "$wheels" "$folder" <<'PYTHON'
import pathlib, sys, zipfile
wheels, folder = map(pathlib.Path, sys.argv[1:])
include = "tensorflow/include/"
wanted = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2") + tuple(
    include + part for part in ("tensorflow/c/", "tensorflow/core/platform/", "tensorflow/tsl/", "tsl/", "xla/tsl/"))
with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
    for name in wheel.namelist():
        if name.startswith(wanted):
            wheel.extract(name, folder)
PYTHON
  rm -rf "$wheels"
}

install_tensorflow() { # npm package, requirement, name
  local package=$1 requirement=$2 libraries="$CACHE/$3" module="$CACHE/node_modules/@tensorflow/$1"
  need python3 "$package" "install Python 3 with pip"
  need g++ "$package" "install a C++17 compiler"
  [[ -d "$module" ]] || { say "$package $TFJS from npm"; npm_into "$CACHE" "@tensorflow/$package@$TFJS"; }
  unpack_wheel "$requirement" "$libraries"
  local binding="$module/lib/napi-v8/tfjs_binding.node" headers
  if [[ ! -f "$binding" ]]; then
    headers="$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node"
    [[ -f "$headers/node_api.h" ]] || headers=/usr/include/node
    [[ -f "$headers/node_api.h" ]] || fail "node_api.h of Node was not found" "install Node's headers"
    say "compiling the binding against $requirement"
    mkdir -p "$(dirname "$binding")"
    g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -I"$headers" -I"$libraries/tensorflow/include" -I"$module/binding" \
      "$module/binding/tfjs_backend.cc" "$module/binding/tfjs_binding.cc" \
      -L"$libraries/tensorflow" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
      -Wl,-rpath,"\$ORIGIN/../../../../../$3/tensorflow" -o "$binding.part"
    mv "$binding.part" "$binding"
  fi
  echo "$CACHE"
}

# NVIDIA's libraries as the wheel's extra `and-cuda` names them; the node needs them on LD_LIBRARY_PATH.
install_cuda() {
  local target="$CACHE/cuda"
  [[ -d "$target/nvidia" ]] && return
  say "CUDA 12 libraries from PyPI"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$target" nvidia-cublas-cu12 nvidia-cuda-cupti-cu12 \
    nvidia-cuda-nvcc-cu12 nvidia-cuda-nvrtc-cu12 nvidia-cuda-runtime-cu12 nvidia-cudnn-cu12 nvidia-cufft-cu12 nvidia-curand-cu12 \
    nvidia-cusolver-cu12 nvidia-cusparse-cu12 nvidia-nccl-cu12 nvidia-nvjitlink-cu12 >&2
}

swiftshader_env() {
  local folder
  for folder in "${SWIFTSHADER_DIR:-}" /usr/lib/chromium /usr/lib/chromium-browser; do
    [[ -n "$folder" && -f "$folder/libvk_swiftshader.so" && -f "$folder/libvulkan.so.1" && -f "$folder/vk_swiftshader_icd.json" ]] || continue
    echo "LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} VK_DRIVER_FILES=$folder/vk_swiftshader_icd.json"
    return
  done
}

case "${1:-}" in
  webgpu) install_webgpu ;;
  tensorflow) install_tensorflow tfjs-node "tensorflow-cpu==$TENSORFLOW" tensorflow-cpu ;;
  tensorflow-gpu) install_cuda; install_tensorflow tfjs-node-gpu "tensorflow==$TENSORFLOW" tensorflow-gpu ;;
  env) swiftshader_env ;;
  -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
