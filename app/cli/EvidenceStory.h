// Checks a file of evidence and tells the sale in sentences, one a receipt.
#pragma once

#include "app/cli/Command.h"
#include "core/base/Bytes.h"

namespace tallylock::cli {

/// verify FILE
int verifyEvidence(ByteView file);

} // namespace tallylock::cli
