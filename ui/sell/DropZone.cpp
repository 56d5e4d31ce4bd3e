#include "ui/sell/DropZone.h"

#include "ui/kit/Widgets.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QPainter>
#include <QUrl>
#include <QVBoxLayout>

namespace tallylock::ui {
namespace {

/// The first local file of what is dragged; empty if there is none.
QString localFileOf(const QMimeData* data) {
    const QList<QUrl> urls = data->urls();
    for (const QUrl& url : urls)
        if (url.isLocalFile()) return url.toLocalFile();
    return {};
}

} // namespace

DropZone::DropZone(QWidget* parent)
    : QFrame(parent),
      m_picture(new PreviewPicture),
      m_icon(new QLabel),
      m_name(new PlainLabel),
      m_about(plainText({}, Rank::Muted)),
      m_button(new QPushButton) {
    setAcceptDrops(true);
    setAccessibleName(tr("Drop a file here"));
    setMinimumHeight(260);
    m_picture->setFixedSize(180, 135);
    m_icon->setAlignment(Qt::AlignCenter);
    m_name->setAlignment(Qt::AlignCenter);
    m_name->setElideMode(Qt::ElideMiddle);
    setHeadingFont(m_name, 1.2, true);
    m_about->setAlignment(Qt::AlignCenter);
    m_button->setAutoDefault(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPage, space::kLarge, space::kPage, space::kLarge);
    layout->setSpacing(space::kSmall);
    layout->addStretch();
    layout->addWidget(m_icon);
    layout->addWidget(m_picture, 0, Qt::AlignHCenter);
    layout->addWidget(m_name);
    layout->addWidget(m_about);
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch();
    connect(m_button, &QPushButton::clicked, this, &DropZone::chooseRequested);
    showNothing();
}

void DropZone::showNothing() {
    m_picture->hide();
    m_icon->show();
    m_icon->setPixmap(iconPixmap(QStringLiteral("sell"), 48, tintsOf(palette()).muted, devicePixelRatioF()));
    m_name->setText(tr("Drop a file here"));
    m_about->setText(tr("It is encrypted on this computer. Nothing leaves it before you have seen what is shown."));
    m_button->setText(tr("&Choose a file…"));
}

void DropZone::showFile(const PreviewFace& face, const QString& name, const QString& about) {
    m_icon->hide();
    m_picture->setFace(face);
    m_picture->show();
    m_name->setText(name);
    m_about->setText(about);
    m_button->setText(tr("&Choose another file…"));
}

void DropZone::dragEnterEvent(QDragEnterEvent* event) {
    if (localFileOf(event->mimeData()).isEmpty()) return;
    event->acceptProposedAction();
    m_hovered = true;
    update();
}

void DropZone::dragLeaveEvent(QDragLeaveEvent*) {
    m_hovered = false;
    update();
}

void DropZone::dropEvent(QDropEvent* event) {
    m_hovered = false;
    update();
    const QString path = localFileOf(event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    emit dropped(path);
}

void DropZone::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    painter.setPen(QPen(m_hovered ? tints.accent : tints.muted, m_hovered ? 2 : 1, Qt::DashLine));
    painter.setBrush(tints.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 10, 10);
}

} // namespace tallylock::ui
