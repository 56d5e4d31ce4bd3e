// Where a coordinator's sealed files are: in its folder, or in a bucket of an S3-compatible store.
#pragma once

#include "app/servers/Settings.h"
#include "core/store/s3/S3FileStore.h"

namespace tallylock::app {

inline constexpr Setting kFileSettings[] = {
    {"files.kind", SettingKind::Text, true, "files"}, // "folder" or "s3"
    {"files.folder", SettingKind::Text, false},       {"files.endpoint", SettingKind::Text, false},
    {"files.region", SettingKind::Text, false},       {"files.bucket", SettingKind::Text, false},
    {"files.credentials", SettingKind::Text, false},  {"files.prefix", SettingKind::Text, false},
    {"files.certificates", SettingKind::Text, false}, {"files.without_tls", SettingKind::Number, false},
};

/// What is wrong with them, as sentences. Asks no store; reads the file of the access key.
std::vector<std::string> faultsOfFiles(const Settings& settings);

/// The bucket, if the settings name one; nothing: the files are in the folder. Waits for the store.
/// `folder`: for what is being received.
Result<std::shared_ptr<store::S3FileStore>, ports::StoreFailure> openBucket(const Settings& settings,
                                                                            const std::string& folder);

} // namespace tallylock::app
