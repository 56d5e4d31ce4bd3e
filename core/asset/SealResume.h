// Sealing a file to NAME, so that a run that was killed is gone on with.
//
// Going on means: the same file key and nonce, the source from its beginning, and the sealed bytes compared with what
// NAME.part holds; only what is beyond is written. The same key may never seal two different texts, so a part is gone
// on with only if the source has the size, the time stamp and the identity that it had, and every byte in the part is
// what the source gives now. Otherwise sealing starts anew, with a fresh file key.
//
// Beside the part lies NAME.part.key (mode 0600) for as long as the part exists: what the source was, for whom it is
// sealed, and the file key, unless a secret that is given opens the part's own header.
#pragma once

#include "core/asset/SealedFile.h"

namespace tallylock::asset {

/// As sealAge, without any tree. `plainPath` names a regular file.
Result<Portions, SealError> sealAgeFile(const std::string& plainPath, const std::string& path,
                                        const AgeRecipients& recipients, Random& random, const Work& work = {});

/// As sealPortions, to the recipient whose secret is `firstPassword`. The file is readable by its owner alone. To go
/// on, give the same first password again; with another one sealing starts anew.
Result<Portions, SealError> sealPortionsFile(const std::string& plainPath, const std::string& path,
                                             const SecretBytes& firstPassword, const SecretBytes& plainSalt,
                                             Random& random, const Work& work = {});

/// Where what going on needs lies beside the part of `path`.
std::string sealStatePath(const std::string& path);
/// Removes what an unfinished run has left beside `path`.
void dropUnfinishedSealing(const std::string& path);

} // namespace tallylock::asset
