#include "ui/sell/SealPage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Facts.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/ProgressPanel.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

SealPage::SealPage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_progress(new ProgressPanel),
      m_states(new QStackedWidget),
      m_facts(new Facts) {
    auto* running = new QWidget;
    auto* runningLayout = new QVBoxLayout(running);
    runningLayout->setContentsMargins(0, 0, 0, 0);
    runningLayout->addStretch(1);
    runningLayout->addWidget(m_progress);
    runningLayout->addStretch(2);

    auto* sealed = new QWidget;
    auto* sealedLayout = new QVBoxLayout(sealed);
    sealedLayout->setContentsMargins(0, 0, 0, 0);
    sealedLayout->setSpacing(space::kLarge);
    sealedLayout->addWidget(sectionHeading(tr("Encrypted and ready to publish")));
    sealedLayout->addWidget(plainText(tr("Publishing uploads the encrypted file and puts the listing on offer. "
                                         "Nobody can open the file before you have been paid.")));
    auto* card = new Card;
    card->body()->addWidget(m_facts);
    sealedLayout->addWidget(card);
    sealedLayout->addStretch();

    m_states->addWidget(running);
    m_states->addWidget(sealed);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_states);
}

void SealPage::enter() {
    m_publishing = false;
    m_fresh = !form().sealed && !form().interrupted;
    if (form().sealed)
        showSealed();
    else
        seal();
}

void SealPage::seal() {
    const SellForm& sale = form();
    m_states->setCurrentIndex(0);
    m_progress->start(tr("Encrypting %1").arg(sale.interrupted ? plainLine(sale.interrupted->name) : sale.file.name));
    api::SellRequest request;
    request.path = sale.file.path.toStdString();
    request.name = sale.name.toStdString();
    request.description = sale.description.toStdString();
    request.mediaType = sale.file.mediaType.toStdString();
    request.price = sale.price;
    request.preview = sale.preview;
    request.mark = sale.mark;
    const int run = ++m_run;
    const auto progress = [this, run, guard = QPointer<SealPage>(this)](api::JobProgress now) {
        if (guard && run == m_run) m_progress->setProgress(now.doneBytes, now.totalBytes);
    };
    api::Done<api::DraftRow> done =
        askRaw(this, [this, run, isResumed = sale.interrupted.has_value()](api::Answer<api::DraftRow> answer) {
            if (run != m_run) {
                // The seller went back just as it finished: it is not wanted.
                if (answer && !isResumed) context().session().discardDraft(answer->assetId, [](auto) {});
                return;
            }
            m_job.reset();
            form().interrupted.reset();
            if (answer) {
                form().sealed = std::move(*answer);
                showSealed();
                return;
            }
            m_progress->stop();
            emit stopped();
            emit refused(answer.error());
        });
    m_job = sale.interrupted ? context().session().resumeSealing(sale.interrupted->assetId, progress, std::move(done))
                             : context().session().seal(std::move(request), progress, std::move(done));
    m_progress->steer(m_job);
}

void SealPage::showSealed() {
    const api::DraftRow& draft = *form().sealed;
    m_progress->finish(tr("Encrypted"));
    m_facts->clear();
    m_facts->add(tr("Name"), plainLine(draft.name));
    m_facts->add(tr("Price"), context().units().text(draft.price));
    m_facts->add(tr("Size"), tr("%1, encrypted %2").arg(sizeText(draft.sizeBytes), sizeText(draft.sealedBytes)));
    m_facts->add(tr("Portions"), QLocale().toString(static_cast<qulonglong>(draft.portions)));
    m_facts->addCode(tr("Recipient"), QString::fromStdString(draft.recipient));
    m_facts->addCode(tr("Root of the portions"), QString::fromStdString(draft.sealedRoot.hex()));
    m_facts->addCode(tr("Asset"), QString::fromStdString(draft.assetId.hex()));
    m_states->setCurrentIndex(1);
    emit stateChanged();
}

QString SealPage::commit() {
    if (!ready()) return tr("The file is still being encrypted.");
    publish();
    return tr("Publishing…"); // published() goes on
}

void SealPage::publish() {
    m_publishing = true;
    emit stateChanged();
    context().session().publish(form().sealed->assetId, askRaw(this, [this](api::Answer<ListingId> answer) {
                                    m_publishing = false;
                                    emit stateChanged();
                                    if (!answer) {
                                        emit refused(answer.error());
                                        return;
                                    }
                                    form().published = *answer;
                                    emit published();
                                }));
}

void SealPage::retreat() {
    ++m_run;
    if (m_job) m_job->cancel();
    m_job.reset();
    m_progress->stop();
    // What was sealed with these details is not what the seller wants any more. A draft of another day stays.
    if (form().sealed && m_fresh) context().session().discardDraft(form().sealed->assetId, [](auto) {});
    form().sealed.reset();
    form().interrupted.reset();
}

} // namespace tallylock::ui
