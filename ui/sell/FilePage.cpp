#include "ui/sell/FilePage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Background.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"
#include "ui/sell/DropZone.h"

#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QMimeDatabase>
#include <QVBoxLayout>

namespace tallylock::ui {

QString fileTroubleText(const FileLook& file) {
    switch (file.trouble) {
    case FileTrouble::None: return {};
    case FileTrouble::Missing: return FilePage::tr("There is no such file. Check the path.");
    case FileTrouble::NotAFile:
        return FilePage::tr("This is a folder. Pack it into one file first, or choose a file in it.");
    case FileTrouble::Unreadable: return FilePage::tr("The file cannot be read: %1").arg(file.detail);
    case FileTrouble::Empty: return FilePage::tr("The file is empty. There is nothing to sell in it.");
    }
    return {};
}

FilePage::FilePage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_zone(new DropZone),
      m_path(new QLineEdit),
      m_banner(new Banner),
      m_drafts(new QWidget),
      m_draftList(new QVBoxLayout(m_drafts)) {
    m_path->setPlaceholderText(tr("Or type the path of a file"));
    m_path->setAccessibleName(tr("File path"));
    m_path->setClearButtonEnabled(true);
    m_draftList->setContentsMargins(0, 0, 0, 0);
    m_draftList->setSpacing(space::kSmall);
    m_drafts->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_drafts);
    layout->addWidget(m_zone, 1);
    layout->addWidget(m_path);
    layout->addWidget(m_banner);

    m_typed.setSingleShot(true);
    m_typed.setInterval(200);
    connect(&m_typed, &QTimer::timeout, this, &FilePage::look);
    connect(m_path, &QLineEdit::textChanged, this, [this] {
        m_looking = !m_path->text().isEmpty();
        m_look = {};
        m_goOn = false;
        m_banner->clear();
        m_zone->showNothing();
        m_typed.start();
        emit stateChanged();
    });
    connect(m_path, &QLineEdit::returnPressed, this, &FilePage::advance);
    connect(m_zone, &DropZone::dropped, this, &FilePage::setPath);
    connect(m_zone, &DropZone::chooseRequested, this, &FilePage::choose);
}

void FilePage::enter() { loadDrafts(); }

bool FilePage::ready() const { return !m_path->text().trimmed().isEmpty(); }

QWidget* FilePage::firstField() { return m_path->text().isEmpty() ? static_cast<QWidget*>(m_zone->button()) : m_path; }

void FilePage::clear() { m_path->clear(); }

void FilePage::choose() {
    auto* dialog = new QFileDialog(this, tr("Choose a file to sell"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &FilePage::setPath);
    dialog->open();
}

void FilePage::setPath(const QString& path) {
    m_path->setText(QDir::toNativeSeparators(path));
    look();
}

void FilePage::look() {
    m_typed.stop();
    QString path = QDir::fromNativeSeparators(m_path->text().trimmed());
    if (path.isEmpty()) return;
    if (path.startsWith(QLatin1String("~/"))) path = QDir::homePath() + path.mid(1);
    m_looking = true;
    const int asked = ++m_asked;
    runInBackground([path] { return lookAt(path); }).then(this, [this, asked](FileLook result) {
        if (asked != m_asked || m_typed.isActive()) return; // the path has changed since
        m_look = std::move(result);
        showLook();
        if (m_look.trouble == FileTrouble::None)
            lookInside(asked);
        else
            looked();
    });
}

/// By a program of its own, which may take its time over a strange file.
void FilePage::lookInside(int asked) {
    m_banner->tell(tr("Looking into the file…"));
    context().node().lookInto(m_look.path.toStdString(), askRaw(this, [this, asked](api::Answer<api::FileLook> found) {
                                  if (asked != m_asked || m_typed.isActive()) return;
                                  addFound(m_look, found);
                                  showLook();
                                  looked();
                              }));
}

void FilePage::looked() {
    m_looking = false;
    emit stateChanged();
    if (std::exchange(m_goOn, false)) emit advance();
}

void FilePage::showLook() {
    const QString trouble = fileTroubleText(m_look);
    if (!trouble.isEmpty()) {
        m_zone->showNothing();
        m_banner->refuse(trouble);
        return;
    }
    m_banner->clear();
    const PreviewFace face{m_look.picture, m_look.lines.mid(0, 12).join(QLatin1Char('\n')),
                           fileKindLabel(m_look.name, m_look.mediaType)};
    const QString kind = QMimeDatabase().mimeTypeForName(m_look.mediaType).comment();
    m_zone->showFile(face, m_look.name, tr("%1 · %2").arg(kind, sizeText(m_look.sizeBytes)));
}

QString FilePage::commit() {
    if (m_looking) {
        m_goOn = true; // advance() comes with the look
        look();
        return tr("Looking at the file…");
    }
    if (QString trouble = fileTroubleText(m_look); !trouble.isEmpty()) {
        m_banner->refuse(trouble);
        return trouble;
    }
    if (form().file.path != m_look.path) {
        form().name.clear();
        form().preview = {};
    }
    form().file = m_look;
    return {};
}

void FilePage::loadDrafts() {
    context().session().drafts(
        ask(this, m_banner, [this](const std::vector<api::DraftRow>& drafts) { showDrafts(drafts); }));
}

void FilePage::showDrafts(const std::vector<api::DraftRow>& drafts) {
    while (QLayoutItem* item = m_draftList->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    if (!drafts.empty()) m_draftList->addWidget(sectionHeading(tr("Begun, not yet published")));
    for (const api::DraftRow& draft : drafts) m_draftList->addWidget(makeDraft(draft));
    m_drafts->setVisible(!drafts.empty());
}

static QString draftText(const Context& context, const api::DraftRow& draft) {
    if (draft.state == api::DraftState::Gone) return FilePage::tr("Its encrypted file is not on this machine");
    if (draft.state == api::DraftState::Interrupted) {
        const double done = draft.sizeBytes == 0
                                ? 0
                                : 100.0 * static_cast<double>(draft.sealedSoFar) / static_cast<double>(draft.sizeBytes);
        return FilePage::tr("Encryption interrupted at %1 %").arg(static_cast<int>(done));
    }
    return FilePage::tr("%1 · %2").arg(context.units().text(draft.price), sizeText(draft.sizeBytes));
}

QWidget* FilePage::makeDraft(const api::DraftRow& draft) {
    auto* card = new Card;
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    const QString name = plainLine(draft.name);
    auto* label = new PlainLabel(name);
    setHeadingFont(label, 1.0, true);
    row->addWidget(label, 1);
    auto* about = new QLabel(draftText(context(), draft));
    setRank(about, Rank::Muted);
    row->addWidget(about);
    auto* resume = new QPushButton(draft.state == api::DraftState::Interrupted ? tr("Go on") : tr("Continue…"));
    resume->setVisible(draft.state != api::DraftState::Gone);
    resume->setAccessibleName(tr("Continue with %1").arg(name));
    resume->setAutoDefault(false);
    auto* discard = new QPushButton(tr("Discard"));
    discard->setAccessibleName(tr("Discard %1").arg(name));
    discard->setAutoDefault(false);
    row->addWidget(resume);
    row->addWidget(discard);
    card->body()->addLayout(row);
    connect(resume, &QPushButton::clicked, this, [this, draft] { emit resumed(draft); });
    connect(discard, &QPushButton::clicked, this, [this, draft, discard] {
        discard->setEnabled(false);
        context().session().discardDraft(draft.assetId, ask(
                                                            this, m_banner, [] {}, [this] { loadDrafts(); }));
    });
    return card;
}

} // namespace tallylock::ui
