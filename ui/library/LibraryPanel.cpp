#include "ui/library/LibraryPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Background.h"
#include "ui/kit/Facts.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/ProgressPanel.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"
#include "ui/library/KeyPanel.h"
#include "ui/library/LibraryModel.h"

#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeDatabase>
#include <QPointer>
#include <QSet>
#include <QUrl>
#include <QVBoxLayout>

namespace tallylock::ui {
namespace {

/// The system's reason; empty: done. The copy appears under its name only when it is whole.
QString copyFile(const QString& from, const QString& to) {
    if (QFileInfo(from) == QFileInfo(to)) return {};
    const QString partial = to + QStringLiteral(".part");
    QFile::remove(partial);
    QFile source(from);
    if (!source.copy(partial)) return source.errorString();
    QFile::remove(to);
    QFile copy(partial);
    return copy.rename(to) ? QString() : copy.errorString();
}

/// Whether opening the file would run it: what a stranger sold is not started by a click.
bool isProgram(const QString& path) {
    static const QSet<QString> kEndings = {
        QStringLiteral("exe"), QStringLiteral("msi"), QStringLiteral("bat"),      QStringLiteral("cmd"),
        QStringLiteral("com"), QStringLiteral("scr"), QStringLiteral("ps1"),      QStringLiteral("vbs"),
        QStringLiteral("js"),  QStringLiteral("jar"), QStringLiteral("desktop"),  QStringLiteral("sh"),
        QStringLiteral("run"), QStringLiteral("lnk"), QStringLiteral("appimage"), QStringLiteral("command"),
        QStringLiteral("app"),
    };
    const QFileInfo info(path);
    const QMimeType type = QMimeDatabase().mimeTypeForFile(info);
    return info.isExecutable() || kEndings.contains(info.suffix().toLower()) ||
           type.inherits(QStringLiteral("application/x-executable")) ||
           type.inherits(QStringLiteral("application/x-desktop"));
}

} // namespace

LibraryPanel::LibraryPanel(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_picture(new PreviewPicture),
      m_name(new PlainLabel),
      m_badge(new Badge),
      m_hint(plainText({}, Rank::Muted)),
      m_banner(new Banner),
      m_progress(new ProgressPanel),
      m_unlock(new PrimaryButton(tr("&Unlock"))),
      m_open(new PrimaryButton(tr("&Open"))),
      m_folder(new QPushButton(tr("Show in &folder"))),
      m_verify(new QPushButton(tr("&Verify"))),
      m_again(new QPushButton(tr("Unlock a&gain"))),
      m_save(new QPushButton(tr("Save a &copy…"))),
      m_mark(new QPushButton(tr("Make a &marked copy"))),
      m_sale(new QPushButton(tr("View the &sale"))),
      m_key(new KeyPanel(context, m_banner)),
      m_facts(new Facts) {
    setHeadingFont(m_name, 1.35, true);
    m_name->setAccessibleDescription(tr("Name"));
    m_badge->setAccessibleName(tr("State"));
    m_picture->setMinimumHeight(160);
    m_picture->setMaximumHeight(220);
    m_progress->hide();
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::kMedium);
    heading->addWidget(m_name, 1);
    heading->addWidget(m_badge);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kPage, 0, space::kPage, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_picture, 1);
    layout->addLayout(heading);
    layout->addWidget(m_hint);
    layout->addWidget(m_progress);
    layout->addWidget(m_banner);
    layout->addWidget(makeButtons());
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_key);
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_facts);
    layout->addStretch();
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolledPage(page, 760));

    connect(m_unlock, &QPushButton::clicked, this, &LibraryPanel::unlock);
    connect(m_key, &KeyPanel::changed, this, &LibraryPanel::changed);
    m_verify->setToolTip(tr("Reads the file again and checks that it is, to the last byte, what was sold."));
    connect(m_verify, &QPushButton::clicked, this, &LibraryPanel::verify);
    m_again->setToolTip(tr("Puts the file back as it was sold."));
    connect(m_again, &QPushButton::clicked, this, &LibraryPanel::unlockAgain);
    connect(m_open, &QPushButton::clicked, this, &LibraryPanel::openFile);
    connect(m_folder, &QPushButton::clicked, this, &LibraryPanel::showInFolder);
    connect(m_save, &QPushButton::clicked, this, &LibraryPanel::saveCopy);
    m_mark->setToolTip(tr("Writes a second copy that also says, signed, that it is yours."));
    connect(m_mark, &QPushButton::clicked, this, &LibraryPanel::markCopy);
    connect(m_sale, &QPushButton::clicked, this, [this] { m_context.openSale(m_row.sale); });
}

QWidget* LibraryPanel::makeButtons() {
    // Two rows: in one they do not fit beside the list in every language.
    const std::vector<QPushButton*> rows[] = {{m_unlock, m_open, m_folder, m_sale},
                                              {m_verify, m_again, m_save, m_mark}};
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kSmall);
    for (const auto& buttons : rows) {
        auto* row = new QHBoxLayout;
        row->setSpacing(space::kSmall);
        for (QPushButton* button : buttons) {
            button->setAutoDefault(false);
            row->addWidget(button);
        }
        row->addStretch();
        column->addLayout(row);
    }
    return box;
}

void LibraryPanel::showRow(const api::LibraryRow& row, const PreviewFace& face) {
    if (row.sale != m_row.sale) m_banner->clear();
    m_row = row;
    m_picture->setFace(face);
    fill();
    askCustody();
}

void LibraryPanel::askCustody() {
    m_context.session().custody(
        m_row.assetId, askRaw(this, [this, asset = m_row.assetId](api::Answer<std::vector<api::CustodyRow>> answer) {
            if (!answer || asset != m_row.assetId) return; // without a chain there is nothing to show
            m_custody = *answer;
            m_custodyOf = asset;
            fill();
        }));
}

/// From its creator on, one line an owner, of the edition that is mine.
void LibraryPanel::addCustody() {
    if (m_custodyOf != m_row.assetId) return;
    const auto own = std::find_if(m_custody.begin(), m_custody.end(), [](const auto& entry) { return entry.mine; });
    QStringList lines;
    for (const api::CustodyRow& entry : m_custody) {
        if (own != m_custody.end() && entry.edition != own->edition) continue;
        const QString who = entry.mine ? tr("you") : plainLine(entry.toFingerprint);
        const QString line = entry.number == 0 ? tr("created by %1, %2") : tr("passed to %1, %2");
        lines << line.arg(who, momentText(entry.timeMs));
    }
    if (!lines.isEmpty()) m_facts->add(tr("Chain of custody"), lines.join(u'\n'));
}

/// While the file is not open.
QString LibraryPanel::hint() const {
    if (m_row.state != api::LibraryState::Unlockable)
        return tr("The two parts of the key arrive by themselves once the seller has been paid.");
    if (m_row.delivery == api::DeliveryKind::OwnershipOnly)
        return tr("The asset is yours, and so is its key. The sealed file stays where it is: unlocking fetches it, "
                  "if it is still kept there, and checks it, portion by portion.");
    return tr("Both parts of the key have arrived. Unlocking joins them and checks the file, portion by portion.");
}

void LibraryPanel::fill() {
    const bool unlocked = m_row.state == api::LibraryState::Unlocked;
    const bool unlockable = m_row.state == api::LibraryState::Unlockable;
    m_name->setText(plainLine(m_row.name));
    m_badge->setText(libraryStateText(m_row));
    m_badge->setTone(libraryStateTone(m_row));
    m_hint->setVisible(!unlocked);
    m_hint->setText(hint());
    m_unlock->setVisible(!unlocked);
    m_unlock->setEnabled(unlockable && !m_working);
    m_verify->setEnabled(!m_working);
    m_again->setEnabled(!m_working);
    m_progress->setVisible(bool(m_working));
    for (QPushButton* button : {static_cast<QPushButton*>(m_open), m_folder, m_verify, m_again, m_save})
        button->setVisible(unlocked);
    m_mark->setVisible(unlocked && m_row.markForm != api::MarkForm::None);

    m_key->setSale(m_row.sale, m_row.parts);

    m_facts->clear();
    m_facts->add(tr("Kind"), plainLine(m_row.mediaType));
    m_facts->add(tr("Size"), sizeText(m_row.sizeBytes));
    m_facts->add(tr("Bought"), exactMomentText(m_row.boughtMs));
    if (unlocked) m_facts->add(tr("File"), QDir::toNativeSeparators(QString::fromStdString(m_row.path)));
    m_facts->add(tr("Tracking mark"), markFormText(m_row.markForm));
    m_facts->addCode(tr("Creator's fingerprint"), plainLine(m_row.creatorFingerprint));
    addCustody();
    m_facts->addCode(tr("Asset"), QString::fromStdString(m_row.assetId.hex()));
}

void LibraryPanel::begin(const QString& what) {
    m_working = m_row.sale;
    m_banner->clear();
    m_progress->start(what.arg(plainLine(m_row.name)));
    fill();
}

std::function<void(api::JobProgress)> LibraryPanel::progress() {
    return [this, guard = QPointer<LibraryPanel>(this)](api::JobProgress now) {
        if (guard) m_progress->setProgress(now.doneBytes, now.totalBytes);
    };
}

/// Where another file is shown by then, the words say which one they are about.
QString LibraryPanel::about(const api::LibraryRow& row, const QString& text) const {
    return row.sale == m_row.sale ? text : tr("%1: %2").arg(plainLine(row.name), text);
}

void LibraryPanel::refuse(const api::LibraryRow& row, const api::Refusal& refusal) {
    if (refusal.problem == api::Problem::Cancelled)
        m_banner->tell(about(row, problemText(refusal)));
    else
        m_banner->refuse(about(row, problemText(refusal)));
}

void LibraryPanel::verify() {
    begin(tr("Verifying %1"));
    m_progress->steer(m_context.session().verifyOpened(
        m_row.sale, progress(), askRaw(this, [this, row = m_row](api::Answer<void> answer) {
            m_working = {};
            m_progress->stop();
            fill();
            if (answer)
                m_banner->succeed(about(row, tr("The file is, to the last byte, what was sold.")));
            else
                refuse(row, answer.error());
        })));
}

void LibraryPanel::unlockAgain() {
    const QString path = QString::fromStdString(m_row.path);
    if (!QFileInfo::exists(path)) return unlock();
    auto* box = new QMessageBox(QMessageBox::Warning, tr("Unlock again"), tr("Replace the file that lies there?"),
                                QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("%1 is replaced by the file as it was sold. What was changed in it since is lost.").arg(path));
    const QPushButton* replace = box->addButton(tr("&Replace"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(replace, &QPushButton::clicked, this, &LibraryPanel::unlock);
    box->open();
}

void LibraryPanel::unlock() {
    begin(tr("Unlocking %1"));
    m_progress->steer(m_context.session().unlock(
        m_row.sale, {}, progress(), askRaw(this, [this, row = m_row](api::Answer<api::LibraryRow> answer) {
            m_working = {};
            m_progress->stop();
            if (answer && row.sale == m_row.sale) m_row = *answer;
            fill();
            if (answer)
                m_banner->succeed(about(row, tr("Unlocked. Every portion of the file is as it was sold.")));
            else
                refuse(row, answer.error());
            emit changed();
        })));
}

void LibraryPanel::openFile() {
    const QString path = QString::fromStdString(m_row.path);
    if (!QFileInfo::exists(path))
        m_banner->refuse(tr("The file is not there any more. It was at %1.").arg(QDir::toNativeSeparators(path)));
    else if (isProgram(path))
        m_banner->refuse(tr("This file is a program or can run one. Look at it in its folder before you start it."));
    else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
        m_banner->refuse(tr("No program on this computer opens this kind of file."));
}

void LibraryPanel::showInFolder() {
    const QString folder = QFileInfo(QString::fromStdString(m_row.path)).absolutePath();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        m_banner->tell(tr("The file is in %1").arg(QDir::toNativeSeparators(folder)));
}

void LibraryPanel::markCopy() {
    m_banner->tell(tr("Making a marked copy…"));
    m_mark->setEnabled(false);
    m_context.session().markCopy(m_row.sale, {}, askRaw(this, [this, row = m_row](api::Answer<std::string> answer) {
                                     m_mark->setEnabled(true);
                                     if (!answer) return refuse(row, answer.error());
                                     const QString path = QDir::toNativeSeparators(QString::fromStdString(*answer));
                                     m_banner->succeed(about(row, tr("The marked copy is %1.").arg(path)));
                                 }));
}

void LibraryPanel::saveCopy() {
    auto* dialog = new QFileDialog(this, tr("Save a copy"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QFileInfo(QString::fromStdString(m_row.path)).fileName());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &LibraryPanel::copyTo);
    dialog->open();
}

void LibraryPanel::copyTo(const QString& path) {
    m_banner->tell(tr("Copying…"));
    const QString from = QString::fromStdString(m_row.path);
    runInBackground([from, path] { return copyFile(from, path); }).then(this, [this, path](const QString& trouble) {
        if (trouble.isEmpty())
            m_banner->succeed(tr("Saved as %1").arg(QDir::toNativeSeparators(path)));
        else
            m_banner->refuse(tr("The copy could not be saved: %1").arg(trouble));
    });
}

} // namespace tallylock::ui
