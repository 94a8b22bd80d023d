//! Histograms of gradients: `sklearn.ensemble._hist_gradient_boosting.histogram.HistogramBuilder` of scikit-learn 1.9.1 (BSD-3-Clause).
//! It shows a class with views as attributes, records, and `prange` over the features.

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use rayon::prelude::*;
use typedview_pyo3::{
    C, Element, Error, F, OrRaise, Owned, PyNdarray, PyPinned, PyPinnedMut, PyView, Strided, View, ViewMut,
    catch, detached, s, zip,
};

/// What a histogram has for each bin: sums over the samples in the bin, and their number.
#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
pub(crate) struct Bin {
    sum_gradients: f64,
    sum_hessians: f64,
    count: u32,
}

/// The samples at a node of the tree, with their gradients in the order of the samples.
#[derive(Clone, Copy)]
struct Node<'a> {
    /// The numbers of the samples, or `None` for all samples.
    samples: Option<View<'a, u32, C<1>>>,
    gradients: View<'a, f32, C<1>>,
    /// The hessians, or `None` if they are constant and not summed.
    hessians: Option<View<'a, f32, C<1>>>,
}

/// A bin while samples are added to it. It is aligned, so that no number lies in two lines of the cache.
#[derive(Clone, Copy, Default)]
struct Sums {
    gradients: f64,
    hessians: f64,
    count: u32,
}

/// For fewer samples, it takes longer to make the sums and to copy them than to add the samples to the histogram itself.
const FEW: usize = 300;

impl<'a> Node<'a> {
    /// Adds the samples to the histogram of a feature, which is 0. `feature` has the bin of each sample.
    fn add_to(self, mut histogram: ViewMut<'_, Bin, C<1>>, feature: View<'_, u8, C<1>>) {
        if self.gradients.size() < FEW {
            self.for_each(feature, |bin, gradient, hessian| {
                histogram.update(usize::from(bin), |mut bin| {
                    bin.sum_gradients += f64::from(gradient);
                    bin.sum_hessians += hessian.map_or(0.0, f64::from);
                    bin.count += 1;
                    bin
                });
            });
            return;
        }
        // One for each number that a byte can be, so that a bin needs no check.
        let mut sums = [Sums::default(); 256];
        self.for_each(feature, |bin, gradient, hessian| {
            let sums = &mut sums[usize::from(bin)];
            sums.gradients += f64::from(gradient);
            if let Some(hessian) = hessian {
                sums.hessians += f64::from(hessian);
            }
            sums.count += 1;
        });
        let (bins, beyond) = sums.split_at(histogram.size().min(256));
        for (bin, &Sums { gradients, hessians, count }) in bins.iter().enumerate() {
            histogram.set(bin, Bin { sum_gradients: gradients, sum_hessians: hessians, count });
        }
        if let Some(bin) = beyond.iter().position(|sums| sums.count > 0) {
            // This bin does not exist, so reading it is the error that is raised.
            let _ = histogram.at(bins.len() + bin);
        }
    }

    /// Calls `visit` with the bin, the gradient and the hessian of each sample.
    fn for_each(self, feature: View<'_, u8, C<1>>, mut visit: impl FnMut(u8, f32, Option<f32>)) {
        let (fours, rest) = self.split(self.gradients.size() / 4 * 4);
        let (first, last) = match self.samples {
            Some(_) => (feature, feature),
            None => feature.split_rows(fours.gradients.size()),
        };
        fours.for_each_group::<4>(first, &mut visit);
        rest.for_each_group::<1>(last, &mut visit);
    }

    /// Returns the first samples, and the others.
    fn split(self, first: usize) -> (Node<'a>, Node<'a>) {
        let (gradients, last_gradients) = self.gradients.split_rows(first);
        let (samples, last_samples) = self.samples.map(|samples| samples.split_rows(first)).unzip();
        let (hessians, last_hessians) = self.hessians.map(|hessians| hessians.split_rows(first)).unzip();
        let last = Node { samples: last_samples, gradients: last_gradients, hessians: last_hessians };
        (Node { samples, gradients, hessians }, last)
    }

    /// Calls `visit` for `N` samples at a time: their bins are all read before `visit` changes a sum.
    fn for_each_group<const N: usize>(
        self,
        feature: View<'_, u8, C<1>>,
        visit: &mut impl FnMut(u8, f32, Option<f32>),
    ) {
        let mut visit = |bins: [u8; N], gradients: [f32; N], hessians: Option<[f32; N]>| {
            for i in 0..N {
                visit(bins[i], gradients[i], hessians.map(|hessians| hessians[i]));
            }
        };
        let bins_of = |samples: [u32; N]| samples.map(|sample| feature.at(sample as usize));
        let gradients = groups(self.gradients);
        match (self.samples.map(groups), self.hessians.map(groups)) {
            (None, None) => {
                zip((gradients, groups(feature))).for_each(|(gradients, bins)| visit(bins, gradients, None));
            }
            (None, Some(hessians)) => zip((gradients, groups(feature), hessians))
                .for_each(|(gradients, bins, hessians)| visit(bins, gradients, Some(hessians))),
            (Some(samples), None) => zip((gradients, samples))
                .for_each(|(gradients, samples)| visit(bins_of(samples), gradients, None)),
            (Some(samples), Some(hessians)) => {
                zip((gradients, samples, hessians)).for_each(|(gradients, samples, hessians)| {
                    visit(bins_of(samples), gradients, Some(hessians))
                })
            }
        }
    }
}

/// Returns the elements in groups of `N`.
fn groups<T: Element, const N: usize>(view: View<'_, T, C<1>>) -> View<'_, [T; N], C<1>> {
    view.reshape([view.size() / N, N]).join()
}

/// Work on at least this many elements is done on several threads. Waking them takes as long as some 10,000 elements.
const PARALLEL: usize = 50_000;

/// Sets each element of `ordered` to the one of `values` that `samples` tells.
fn gather(
    values: View<'_, f32, C<1>>,
    samples: View<'_, u32, C<1>>,
    ordered: ViewMut<'_, f32, C<1>>,
    n_threads: usize,
) -> Result<(), Error> {
    let gather = |(samples, ordered): (View<'_, u32, C<1>>, ViewMut<'_, f32, C<1>>)| {
        catch(|| {
            zip((ordered, samples)).for_each(|(mut ordered, sample)| ordered.set(values.at(sample as usize)));
        })
    };
    // A sample is read and written here, which is a fraction of the work on it in a histogram.
    if n_threads == 1 || samples.size() < 4 * PARALLEL {
        return gather((samples, ordered));
    }
    let length = samples.size().div_ceil(n_threads).max(1);
    samples.chunks(length).into_par_iter().zip(ordered.chunks(length).into_par_iter()).try_for_each(gather)
}

/// Calls `work` with the number and the row of each feature that is allowed, on at most `n_threads` threads. The work on a
/// row is about that on `size` elements.
fn for_each_feature<V: Send>(
    rows: impl Iterator<Item = V>,
    allowed: Option<View<'_, u32, Strided<1>>>,
    n_threads: usize,
    size: usize,
    work: impl Fn(usize, V) + Send + Sync,
) -> Result<(), Error> {
    let mut jobs: Vec<(usize, V)> = rows.enumerate().collect();
    if let Some(allowed) = allowed {
        let mut mask = Owned::<u8, _>::zeroed([jobs.len()]);
        catch(|| allowed.iter().for_each(|feature| mask.view_mut().set(feature as usize, 1)))?;
        jobs.retain(|&(feature, _)| mask.view().at(feature) == 1);
    }
    if n_threads == 1 || jobs.len().saturating_mul(size) < PARALLEL {
        return catch(|| jobs.into_iter().for_each(|(feature, row)| work(feature, row)));
    }
    let length = jobs.len().div_ceil(n_threads).max(1);
    jobs.into_par_iter().with_min_len(length).try_for_each(|(feature, row)| catch(|| work(feature, row)))
}

/// Returns an array of NumPy with the same elements, which the builder can write.
fn copy(py: Python<'_>, values: &PyPinned<f32, C<1>>) -> PyResult<PyPinnedMut<f32, C<1>>> {
    PyNdarray::from(values.local(py)?.cells().to_owned()).into_pyobject(py)?.extract()
}

/// Builds the histograms of gradients and hessians that a tree is grown with.
///
/// Every array is an attribute, which can be made another array. `ordered_gradients` and `ordered_hessians` begin as copies.
#[pyclass]
pub(crate) struct HistogramBuilder {
    /// The bin of each sample and feature, in Fortran order.
    #[pyo3(get, set, name = "X_binned")]
    x_binned: PyPinned<u8, F<2>>,
    #[pyo3(get, set)]
    n_bins: usize,
    #[pyo3(get, set)]
    gradients: PyPinned<f32, C<1>>,
    #[pyo3(get, set)]
    hessians: PyPinned<f32, C<1>>,
    /// The gradients in the order of the samples at a node. Each call for a node writes them.
    #[pyo3(get, set)]
    ordered_gradients: PyPinnedMut<f32, C<1>>,
    #[pyo3(get, set)]
    ordered_hessians: PyPinnedMut<f32, C<1>>,
    #[pyo3(get, set)]
    hessians_are_constant: u8,
    #[pyo3(get, set)]
    n_threads: usize,
}

#[pymethods]
impl HistogramBuilder {
    #[new]
    #[pyo3(signature = (X_binned, n_bins, gradients, hessians, hessians_are_constant, n_threads))]
    #[expect(non_snake_case, reason = "Python has this name of the argument")]
    fn new(
        py: Python<'_>,
        X_binned: PyPinned<u8, F<2>>,
        n_bins: usize,
        gradients: PyPinned<f32, C<1>>,
        hessians: PyPinned<f32, C<1>>,
        hessians_are_constant: u8,
        n_threads: usize,
    ) -> PyResult<Self> {
        let (ordered_gradients, ordered_hessians) = (copy(py, &gradients)?, copy(py, &hessians)?);
        Ok(Self {
            x_binned: X_binned,
            n_bins,
            gradients,
            hessians,
            ordered_gradients,
            ordered_hessians,
            hessians_are_constant,
            n_threads,
        })
    }

    #[getter]
    fn n_features(&self) -> usize {
        self.x_binned.shape()[1]
    }

    /// Returns the histograms of the samples at a node, an array of records with a row for each feature.
    ///
    /// The rows of features that are not allowed are 0.
    #[pyo3(signature = (sample_indices, allowed_features=None))]
    fn compute_histograms_brute(
        &self,
        py: Python<'_>,
        sample_indices: PyView<'_, u32, C<1>>,
        allowed_features: Option<PyView<'_, u32, Strided<1>>>,
    ) -> PyResult<PyNdarray<Bin, C<2>>> {
        let mut histograms = Owned::try_zeroed([self.n_features(), self.n_bins]).or_raise()?;
        let n_threads = self.n_threads.max(1);
        let views = (
            &self.x_binned,
            (&self.gradients, &self.hessians),
            (self.ordered_gradients.writing(), self.ordered_hessians.writing()),
            (&sample_indices, allowed_features.as_ref()),
        );
        detached(
            py,
            views,
            |(
                x_binned,
                (gradients, hessians),
                (mut ordered_gradients, mut ordered_hessians),
                (samples, allowed),
            )| {
                let n_samples = samples.size();
                let with_hessians = self.hessians_are_constant == 0;
                let is_root = samples.size() == gradients.size();
                let features = x_binned.transpose();
                let mut ordered_gradients = ordered_gradients.slice_mut(s![..n_samples]);
                let mut ordered_hessians = with_hessians.then(|| ordered_hessians.slice_mut(s![..n_samples]));
                if !is_root {
                    gather(gradients, samples, ordered_gradients.reborrow(), n_threads)?;
                    if let Some(ordered) = &mut ordered_hessians {
                        gather(hessians, samples, ordered.reborrow(), n_threads)?;
                    }
                }
                let node = Node {
                    samples: (!is_root).then_some(samples),
                    gradients: ordered_gradients.view(),
                    hessians: ordered_hessians.as_ref().map(ViewMut::view),
                };
                let rows = histograms.view_mut().rows();
                for_each_feature(rows, allowed, n_threads, samples.size(), |feature, histogram| {
                    node.add_to(histogram, features.row(feature));
                })
            },
        )?
        .or_raise()?;
        Ok(histograms.into())
    }

    /// Subtracts the histograms of the sibling of a node from those of their parent, in place, and returns the parent's.
    #[pyo3(signature = (parent_histograms, sibling_histograms, allowed_features=None))]
    fn compute_histograms_subtraction(
        &self,
        py: Python<'_>,
        parent_histograms: PyPinnedMut<Bin, C<2>>,
        sibling_histograms: PyView<'_, Bin, C<2>>,
        allowed_features: Option<PyView<'_, u32, Strided<1>>>,
    ) -> PyResult<Py<PyAny>> {
        let views = (parent_histograms.writing(), &sibling_histograms, allowed_features.as_ref());
        detached(py, views, |(parent, siblings, allowed)| {
            let n_bins = parent.shape()[1];
            for_each_feature(parent.rows(), allowed, self.n_threads.max(1), n_bins, |feature, row| {
                zip((row, siblings.row(feature))).for_each(|(mut bin, sibling)| {
                    let Bin { sum_gradients, sum_hessians, count } = bin.get();
                    bin.set(Bin {
                        sum_gradients: sum_gradients - sibling.sum_gradients,
                        sum_hessians: sum_hessians - sibling.sum_hessians,
                        count: count.wrapping_sub(sibling.count),
                    });
                });
            })
        })?
        .or_raise()?;
        Ok(parent_histograms.exporter().clone_ref(py))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.x_binned.traverse(&visit)?;
        self.gradients.traverse(&visit)?;
        self.hessians.traverse(&visit)?;
        self.ordered_gradients.traverse(&visit)?;
        self.ordered_hessians.traverse(&visit)
    }
}
