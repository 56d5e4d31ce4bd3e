// This person's sales, bought and sold: the list, and the one that is chosen with its fourteen steps.
#pragma once

#include "ui/kit/View.h"

#include <tuple>

class QListView;
class QScrollArea;
class QStackedWidget;

namespace tallylock::ui {

class Banner;
class SaleListModel;
class SalePage;

class SalesView : public View {
    Q_OBJECT
public:
    explicit SalesView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Sales; }
    QString title() const override { return tr("Sales"); }
    QString iconName() const override { return QStringLiteral("sales"); }
    void shown() override;
    void open(quint64 id) override;

private:
    QWidget* makeLists();
    void setRows(std::vector<api::SaleRow> rows);
    void choose(SaleId sale);
    void loadDetail();

    SaleListModel* m_model;
    QStackedWidget* m_stack;
    QListView* m_list;
    SalePage* m_page;
    QScrollArea* m_pageArea;
    SaleId m_chosen;
    std::tuple<SaleId, api::SaleState, bool> m_turn; ///< the sale that was shown last, how it stood, whether for us
};

} // namespace tallylock::ui
