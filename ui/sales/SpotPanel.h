#pragma once

#include "core/api/Rows.h"
#include "ui/kit/Widgets.h"

class QProgressBar;

namespace tallylock::ui {

class Banner;
class Context;
class Facts;

/// The joint spot check: some portions of the content, opened before paying.
class SpotPanel : public Card {
    Q_OBJECT
public:
    SpotPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// Hides itself where there is nothing to say or do.
    void setSale(SaleId sale, const api::SpotCheckRow& spot);

private:
    void fill();
    void fillPassed();
    void fillFailed();
    void check(const QString& folder);
    void pickFolder();

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    SaleId m_checking; ///< none: no check is on its way
    api::SpotCheckRow m_spot;
    Badge* m_badge;
    QLabel* m_text;
    QProgressBar* m_busy;
    Facts* m_facts;
    QPushButton* m_check;
    QPushButton* m_save;
};

} // namespace tallylock::ui
