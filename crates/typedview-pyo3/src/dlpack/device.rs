//! Devices: where the memory of a tensor is, and whether the CPU can read it there.

use super::Device;
use std::fmt;

impl Device {
    /// The device of all memory of this library: `kDLCPU`.
    pub(crate) const CPU: Self = Self { kind: 1, number: 0 };

    /// Returns whether the CPU can read the memory. This holds for `kDLCPU`, for pinned memory (`kDLCUDAHost` and
    /// `kDLROCMHost`), and for `kDLCUDAManaged`, which the driver moves when it is accessed. NumPy accepts the same
    /// devices.
    pub(super) fn is_host(self) -> bool {
        matches!(self.kind, 1 | 3 | 11 | 13)
    }
}

/// Writes a device as PyTorch does: `cuda:0`.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.kind {
            1 if self.number == 0 => return f.write_str("cpu"),
            1 => "cpu",
            2 => "cuda",
            3 => "cuda_host",
            4 => "opencl",
            7 => "vulkan",
            8 => "metal",
            9 => "vpi",
            10 => "rocm",
            11 => "rocm_host",
            13 => "cuda_managed",
            14 => "oneapi",
            15 => "webgpu",
            16 => "hexagon",
            17 => "maia",
            18 => "trainium",
            kind => return write!(f, "{kind}:{}", self.number),
        };
        write!(f, "{name}:{}", self.number)
    }
}
