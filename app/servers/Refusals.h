// The failures of the rooms below, as what the api calls them.
#pragma once

#include "core/api/Problem.h"
#include "core/keys/PrivateFile.h"
#include "core/keys/SeedPhrase.h"
#include "core/keys/VaultFile.h"
#include "core/ports/Journal.h"
#include "core/ports/Keychain.h"
#include "core/ports/Link.h"
#include "core/ports/Rail.h"

namespace tallylock::app {

api::Refusal refusalOf(const ports::StoreFailure& failure);
api::Refusal refusalOf(keys::FileError error, const std::string& path);
api::Refusal refusalOf(const keys::PhraseFault& fault);
api::Refusal refusalOf(keys::VaultError error);
api::Refusal refusalOf(const ports::KeychainFailure& failure);
api::Refusal refusalOf(ports::LinkError error);
api::Refusal refusalOf(ports::RailError error);

} // namespace tallylock::app
