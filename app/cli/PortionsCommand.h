// `portions`: the portions of a sealed file, their hashes and the root of their tree; a proof that one of them belongs
// to it, and the portion itself. None of it needs a key.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// portions [--root | --proof I | --portion I] [-o OUT] FILE
int runPortions(const Arguments& arguments);

/// verify -m MANIFEST FILE: that a sealed file is the one of a manifest.
/// verify -p PROOF -m MANIFEST | -r ROOT FILE: that FILE is the portion of a proof. A proof is the canonical CBOR of
/// asset::LeafProof.
int verifySealedFile(const Options& options);

} // namespace tallylock::cli
