// Page 5: encrypts with progress, then shows what was made; going on publishes it.
#pragma once

#include "ui/sell/SellPage.h"

class QStackedWidget;

namespace tallylock::ui {

class EmptyState;
class Facts;
class ProgressPanel;

class SealPage : public SellPage {
    Q_OBJECT

public:
    SealPage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("Encrypt"); }
    QString nextText() const override { return tr("Publish"); }
    void enter() override;
    bool ready() const override { return form().sealed.has_value() && !m_publishing; }
    bool canGoBack() const override { return !m_publishing; }
    QString commit() override;
    void retreat() override;

signals:
    void published();
    /// Cancelled or failed: there is nothing to show here.
    void stopped();

private:
    void seal();
    void showSealed();
    void publish();

    ProgressPanel* m_progress;
    QStackedWidget* m_states;
    Facts* m_facts;
    std::shared_ptr<api::Job> m_job;
    int m_run = 0;        ///< answers of an earlier run are not ours any more
    bool m_fresh = false; ///< sealed in this run of the wizard, so that going back discards it
    bool m_publishing = false;
};

} // namespace tallylock::ui
