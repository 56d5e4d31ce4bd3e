#include "ui/library/LibraryView.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"
#include "ui/library/LibraryDelegate.h"
#include "ui/library/LibraryModel.h"
#include "ui/library/LibraryPanel.h"

#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

LibraryView::LibraryView(Context& context, QWidget* parent)
    : View(context, parent),
      m_model(new LibraryModel(this)),
      m_list(new QListView),
      m_panel(new LibraryPanel(context)),
      m_banner(new Banner),
      m_pages(new QStackedWidget) {
    m_list->setModel(m_model);
    m_list->setItemDelegate(new LibraryDelegate(m_list));
    m_list->setAccessibleName(tr("What I own"));
    m_list->setFixedWidth(300);
    m_list->setFrameShape(QFrame::StyledPanel);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_list);
    row->addWidget(m_panel, 1);

    auto* none = new EmptyState(QStringLiteral("library"), tr("You own nothing yet"),
                                tr("What you buy shows up here: first on its way, then ready to unlock, then open."),
                                tr("Visit the shop"));
    m_pages->addWidget(none);
    m_pages->addWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPage, space::kTiny, 0, space::kPage);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);

    connect(none, &EmptyState::activated, this, [this] { this->context().goTo(Place::Shop); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &LibraryView::showCurrent);
    connect(m_panel, &LibraryPanel::changed, this, &LibraryView::refresh);
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (isVisible() && topic == api::Topic::Library) refresh();
    });
    refresh();
}

void LibraryView::open(quint64 id) {
    m_wanted = id;
    refresh();
}

void LibraryView::refresh() {
    m_banner->clear();
    session().library(ask(this, m_banner, [this](std::vector<api::LibraryRow> rows) {
        m_model->setLibrary(std::move(rows));
        m_pages->setCurrentIndex(m_model->rows().empty() ? 0 : 1);
        const int wanted = m_model->rowOf({std::exchange(m_wanted, 0)});
        if (wanted >= 0)
            m_list->setCurrentIndex(m_model->index(wanted, 0));
        else if (!m_list->currentIndex().isValid() && !m_model->rows().empty())
            m_list->setCurrentIndex(m_model->index(0, 0));
        showCurrent();
    }));
}

void LibraryView::showCurrent() {
    if (const api::LibraryRow* row = m_model->at(m_list->currentIndex())) m_panel->showRow(*row, m_model->faceOf(*row));
}

} // namespace tallylock::ui
