#include "app/servers/FilePlace.h"

#include <algorithm>

namespace tallylock::app {

namespace {

constexpr const char* kNeededOfS3[] = {"files.endpoint", "files.region", "files.bucket", "files.credentials"};

bool isBucket(const Settings& settings) { return settings.has("files.kind") && settings.text("files.kind") == "s3"; }

std::string textOr(const Settings& settings, const char* path, std::string otherwise) {
    return settings.has(path) ? settings.text(path) : std::move(otherwise);
}

store::s3::Place placeIn(const Settings& settings) {
    store::s3::Place place;
    place.endpoint = settings.text("files.endpoint");
    if (place.endpoint.ends_with('/')) place.endpoint.pop_back();
    place.region = settings.text("files.region");
    place.bucket = settings.text("files.bucket");
    place.prefix = textOr(settings, "files.prefix", {});
    place.certificates = textOr(settings, "files.certificates", {});
    place.mayBePlain = settings.numberOr("files.without_tls", 0) != 0;
    return place;
}

} // namespace

std::vector<std::string> faultsOfFiles(const Settings& settings) {
    std::vector<std::string> faults;
    if (!settings.has("files.kind")) return faults;
    if (!isBucket(settings)) {
        if (settings.text("files.kind") != "folder") faults.emplace_back("files.kind is to be \"folder\" or \"s3\"");
        for (const Setting& setting : kFileSettings) {
            const std::string_view path = setting.path;
            if (path != "files.kind" && path != "files.folder" && settings.has(setting.path))
                faults.push_back(std::string(setting.path) + " is only for files.kind = \"s3\"");
        }
        return faults;
    }
    if (settings.has("files.folder")) faults.emplace_back("files.folder is only for files.kind = \"folder\"");
    for (const char* path : kNeededOfS3) {
        if (!settings.has(path)) faults.push_back(std::string(path) + " is missing");
    }
    if (!faults.empty()) return faults;
    if (auto fault = store::s3::faultOf(placeIn(settings))) faults.push_back("files: " + *fault);
    if (const auto key = store::s3::AccessKey::readFrom(settings.text("files.credentials")); !key)
        faults.push_back("files.credentials: " + key.error().detail);
    return faults;
}

Result<std::shared_ptr<store::S3FileStore>, ports::StoreFailure> openBucket(const Settings& settings,
                                                                            const std::string& folder) {
    if (!isBucket(settings)) return std::shared_ptr<store::S3FileStore>();
    auto key = store::s3::AccessKey::readFrom(settings.text("files.credentials"));
    if (!key) return Err(key.error());
    auto opened = store::S3FileStore::open(placeIn(settings), std::move(*key), folder);
    if (!opened) return Err(opened.error());
    return std::shared_ptr<store::S3FileStore>(std::move(*opened));
}

} // namespace tallylock::app
