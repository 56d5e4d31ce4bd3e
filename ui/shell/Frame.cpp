#include "ui/shell/Frame.h"

#include "ui/kit/Banner.h"
#include "ui/kit/Theme.h"
#include "ui/kit/Widgets.h"
#include "ui/shell/HistoryNotice.h"
#include "ui/shell/NavigationDelegate.h"
#include "ui/shell/ServersNotice.h"
#include "ui/shell/Views.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kNavigationWidth = 188;
constexpr QSize kNavigationIcon(20, 20);
} // namespace

Frame::Frame(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_list(new QListWidget(this)),
      m_title(pageHeading({}, this)),
      m_banner(new Banner(this)),
      m_alarm(new Banner(this)),
      m_servers(new Banner(this)),
      m_stack(new QStackedWidget(this)) {
    m_views = makeViews(context, this);
    for (View* view : m_views) m_stack->addWidget(view);

    auto* page = new QVBoxLayout;
    page->setContentsMargins(0, space::kLarge, 0, 0);
    page->setSpacing(space::kMedium);
    page->addWidget(header());
    auto* message = new QVBoxLayout;
    message->setContentsMargins(space::kPage, 0, space::kPage, 0);
    message->addWidget(m_alarm);
    message->addWidget(m_servers);
    message->addWidget(m_banner);
    page->addLayout(message);
    page->addWidget(m_stack, 1); // a view keeps its own distance, so that scroll bars stand at the window's edge
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(navigation());
    row->addLayout(page, 1);

    connect(m_list, &QListWidget::currentRowChanged, this, &Frame::turnTo);
    connect(&context, &Context::went, this, &Frame::goTo);
    m_list->setCurrentRow(0);
}

QWidget* Frame::navigation() {
    for (const View* view : m_views) m_list->addItem(new QListWidgetItem(themeIcon(view->iconName()), view->title()));
    for (int i = 0; i < m_list->count(); ++i) m_list->item(i)->setToolTip(tr("Ctrl+%1").arg(i + 1));
    m_list->setAccessibleName(tr("Views"));
    m_list->setItemDelegate(new NavigationDelegate(m_list));
    m_list->setIconSize(kNavigationIcon);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setBackgroundRole(QPalette::AlternateBase);
    auto* side = new QWidget(this);
    side->setBackgroundRole(QPalette::AlternateBase);
    side->setAutoFillBackground(true);
    side->setFixedWidth(kNavigationWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, space::kMedium, 0, 0);
    column->addWidget(m_list);
    return side;
}

QWidget* Frame::header() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::kPage, 0, space::kPage, 0);
    row->setSpacing(space::kMedium);
    row->addWidget(m_title);
    row->addStretch(1);
    if (m_context.practice()) {
        auto* badge = new Badge(tr("Practice"), Badge::Tone::Warn, bar);
        badge->setAccessibleName(tr("Practice mode"));
        badge->setToolTip(tr("Coins and bank money here are for practice and worth nothing."));
        row->addWidget(badge);
    }
    auto* servers = new Badge({}, Badge::Tone::Muted, bar);
    row->addWidget(servers);
    new ServersNotice(m_context, servers, m_servers, this);
    auto* history = new Badge({}, Badge::Tone::Muted, bar);
    row->addWidget(history);
    new HistoryNotice(m_context, history, m_alarm, this);
    auto* name = new PlainLabel(QString::fromStdString(m_context.session().profileName()), Rank::Muted, bar);
    name->setAccessibleDescription(tr("Profile of this window"));
    name->setToolTip(tr("Fingerprint: %1").arg(QString::fromStdString(m_context.session().fingerprintWords())));
    name->setMaximumWidth(220);
    row->addWidget(name);
    return bar;
}

Place Frame::place() const {
    const int index = m_stack->currentIndex();
    return index < 0 ? Place::Home : m_views[static_cast<std::size_t>(index)]->place();
}

void Frame::turnTo(int index) {
    if (index < 0) return;
    View* view = m_views[static_cast<std::size_t>(index)];
    m_stack->setCurrentIndex(index);
    m_title->setText(view->title());
    m_banner->clear();
    view->shown();
}

void Frame::goTo(Place place, quint64 id) {
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        if (m_views[i]->place() != place) continue;
        m_list->setCurrentRow(static_cast<int>(i));
        if (id != 0) m_views[i]->open(id);
    }
}

} // namespace tallylock::ui
