// A look at the seller's file: what it is, and the previews that it can offer. Reads little, decodes with limits,
// and touches no widget: any thread may call it.
#pragma once

#include "core/api/Rows.h"

#include <QImage>
#include <QString>
#include <QStringList>

namespace tallylock::ui {

enum class FileTrouble { None, Missing, NotAFile, Unreadable, Empty };

struct FileLook {
    QString path;
    QString name;
    QString mediaType; ///< "application/octet-stream" where nothing better is known
    std::uint64_t sizeBytes = 0;
    FileTrouble trouble = FileTrouble::None;
    QString detail;    ///< the system's reason where the file cannot be read
    QImage picture;    ///< at most kPreviewSide on its longer side; null: not a picture
    QStringList lines; ///< the first lines of a text, shortened; empty: not a text
};

constexpr int kPreviewSide = 512;
constexpr int kPreviewLines = 40;
constexpr int kPreviewColumns = 160;
constexpr std::size_t kPreviewBytes = 256 * 1024;

FileLook lookAt(const QString& path);
/// A picture file made small; null if it is none, or larger than 100 megapixels.
QImage smallPicture(const QString& path);

/// What is published: nothing beyond the picture given, without its metadata.
api::Preview previewOf(const QImage& picture);
/// What is published: the first `count` of the lines.
api::Preview previewOf(const QStringList& lines, int count);

} // namespace tallylock::ui
