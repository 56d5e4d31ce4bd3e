#include "app/servers/ServerSeeds.h"

#include "app/servers/Refusals.h"

#include <filesystem>

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;

Answer<SecretBytes> secretFile(const std::string& path, std::size_t size, const std::string& besides, Random& random) {
    auto file = keys::readFile(path, size);
    if (!file && file.error() == keys::FileError::NotFound) {
        std::error_code ignored;
        if (std::filesystem::exists(besides, ignored))
            return Err(Refusal{Problem::FolderDamaged, path + " is missing"});
        SecretBytes fresh(size);
        random.fill(fresh.span());
        if (auto written = keys::writePrivateFile(path, fresh.view(), keys::Replace::No); !written)
            return Err(refusalOf(written.error(), path));
        return fresh;
    }
    if (!file && file.error() != keys::FileError::TooLarge) return Err(refusalOf(file.error(), path));
    if (!file || file->size() != size) return Err(Refusal{Problem::FolderDamaged, path});
    return SecretBytes::takeFrom(*file);
}

Answer<keys::Identity> serverIdentity(const std::string& path, const std::string& besides, Random& random) {
    auto seed = secretFile(path, 64, besides, random);
    if (!seed) return Err(seed.error());
    return keys::Identity::fromSeed(std::move(*seed));
}

} // namespace tallylock::app
