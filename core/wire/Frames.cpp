#include "core/wire/Frames.h"

#include <cassert>
#include <iterator>

namespace tallylock::wire {

namespace {
// In the order of the enum.
constexpr const char* kFrameProblemNames[] = {
    "malformed",
    "unknown-version",
    "signature-invalid",
    "busy",
    "stopping",
    "not-found",
    "wrong-server",
    "deposit-differs",
    "deposit-unreadable",
    "password-wrong",
    "sealed-file-missing",
    "sealed-file-wrong",
    "contract-wrong",
    "not-paid",
    "internal",
};
static_assert(std::size(kFrameProblemNames) == static_cast<std::size_t>(FrameProblem::kCount));
} // namespace

const char* nameOf(FrameProblem problem) {
    assert(problem < FrameProblem::kCount);
    return kFrameProblemNames[static_cast<std::size_t>(problem)];
}

} // namespace tallylock::wire
