// Sealed files in a bucket of an S3-compatible store, named by the hexadecimal digits of their root.
// docs/decisions/file-store-s3.md.
//
// What is being received also lies in a folder of this machine (ReceivedFile.h): it is read there before it is kept,
// sent again from there, and gone on with after a restart. The store has it in parts, which become an object all at
// once.
//
// State                one writer           durable where      if it arrives twice
// object               whoever commits      the store          the first that is complete stays
// parts of an upload   its Upload           the store          replaced; all are dropped if it is given up
// what was received    its Upload           the folder         gone on with
// sizes, blocks read   any, under a mutex   nowhere            the same: an object never changes
#pragma once

#include "core/ports/FileStore.h"
#include "core/store/s3/Objects.h"

#include <atomic>

namespace tallylock::store {

/// Any thread. One process at a time writes below a prefix.
class S3FileStore final : public ports::FileStore {
public:
    /// Asks the store whether the bucket is there and the access key is right; waits for the answer.
    /// `folder` is for what is being received, and no other process's.
    static Result<std::unique_ptr<S3FileStore>, ports::StoreFailure>
    open(s3::Place place, s3::AccessKey key, std::string folder, s3::Patience patience = {}, s3::Sizes sizes = {});

    /// Drops the parts of uploads that no process goes on with. To be called by the one that writes, before it does.
    Result<std::size_t, ports::StoreFailure> dropAbandoned();

    Result<std::uint64_t, ports::StoreFailure> sizeOf(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> resume(const Hash& sealedRoot, const Hash& name) override;
    Result<std::size_t, ports::StoreFailure> read(const Hash& sealedRoot, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override;

private:
    S3FileStore(std::shared_ptr<s3::Objects> objects, std::string folder)
        : m_objects(std::move(objects)),
          m_folder(std::move(folder)) {}

    std::shared_ptr<s3::Objects> m_objects; ///< uploads have it, too
    std::string m_folder;
    std::atomic<std::uint64_t> m_uploads{0};
};

} // namespace tallylock::store
