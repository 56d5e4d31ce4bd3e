// A look at the seller's file: what it is, and the previews that it can offer. The window reads the first lines of a
// text and nothing else; what takes a parser is asked of the node, which has it done by a program without rights.
#pragma once

#include "core/api/Session.h"

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
    QStringList lines; ///< the first lines of a text, shortened; or what the node has found
    bool isText = false;
    // What the node has found.
    QImage picture;                               ///< at most kPreviewSide on its longer side; null: none
    QString pictureTrouble;                       ///< why there is none though the kind of file has one, for people
    api::MarkForm markForm = api::MarkForm::None; ///< None: no mark can be made here
    bool marked = false;
};

constexpr int kPreviewSide = 512;
constexpr int kPreviewLines = 40;
constexpr int kPreviewColumns = 160;
constexpr std::size_t kPreviewBytes = 256 * 1024;

/// Any thread.
FileLook lookAt(const QString& path);
/// Adds what the node has found; a refusal becomes the trouble with the picture.
void addFound(FileLook& look, const api::Answer<api::FileLook>& found);
/// Null if the pixels are not what the struct says.
QImage imageOf(const api::Pixels& pixels);
/// Words across the picture, again and again, so that cutting does not take them away. Empty: the picture as it is.
QImage watermarked(const QImage& picture, const QString& words);

/// What is published: nothing beyond the picture given, without its metadata.
api::Preview previewOf(const QImage& picture);
/// What is published: the first `count` of the lines.
api::Preview previewOf(const QStringList& lines, int count);

} // namespace tallylock::ui
