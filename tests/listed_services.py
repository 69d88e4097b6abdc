"""The services that write, by what they ask the table of permissions for; and those that ask for nothing, and why."""

from __future__ import annotations

from huimin.platform.foundation.permissions import Action

__all__ = ["AT_COUNTER", "OTHERWISE", "SERVICES", "WITHOUT"]

SERVICES = {
    "catalogue.services.extend_window": Action.PUBLISH_PLAN,
    "bulk.consents.answer_group": Action.ANSWER_GROUP,
    "bulk.organisations.open_organisation": Action.OPEN_ORGANISATION,
    **dict.fromkeys(
        (f"bulk.organisations.propose_{one}" for one in ("deposit", "payout")), Action.RECORD_ORGANISATION_MONEY
    ),
    **dict.fromkeys(
        ("bulk.receiving.add_part", "bulk.receiving.announce_file", "bulk.sending.send_file"), Action.SEND_BULK_FILE
    ),
    **dict.fromkeys((f"bulk.sending.{one}_file" for one in ("accept", "cancel")), Action.ACCEPT_BULK_FILE),
    **dict.fromkeys(
        (f"counter.enrolling.{one}" for one in ("enrol_at_counter", "find_at_counter")),
        Action.SERVE_AT_COUNTER,
    ),
    **dict.fromkeys((f"counter.cash.{one}" for one in ("forgo_cash", "pay_out_cash", "take_cash")), Action.TAKE_CASH),
    "counter.tills.close_till": Action.TAKE_CASH,
    "counter.tills.confirm_banked": Action.CONFIRM_BANKED,
    "catalogue.services.publish_plan_year": Action.PUBLISH_PLAN,
    "claims.cases.taking.give_back": Action.GIVE_BACK_REVIEW,
    "claims.cases.taking.take": Action.TAKE_REVIEW,
    "claims.reviews.agree": Action.AGREE,
    "claims.reviews.find": Action.FIND,
    "disclosure.confirming.confirm_key_terms": Action.ENROL,
    "disclosure.agreeing.declare_agreed": Action.ENROL,
    **dict.fromkeys((f"people.cover_consent.{one}" for one in ("ask_to_be_insured", "check_agreed")), Action.ENROL),
    "disclosure.confirming.decide_on_advice": Action.ENROL,
    "desk.services.cancel_study": Action.STUDY,
    "desk.services.request_study": Action.STUDY,
    "enrolment.refunding.begin_refunds": Action.PAY_BACK,
    "enrolment.granting.decline_cover": Action.DECLINE_COVER,
    "enrolment.services.confirm_payment": Action.REPORT_PAYMENT,
    "enrolment.services.open_terms": Action.ENROL,
    "enrolment.services.place_order": Action.ENROL,
    "enrolment.account_orders.place_order_from_account": Action.ENROL,
    "foundation.cities.register_client": Action.SET_UP,
    "foundation.clocks.declaring.declare_day": Action.SET_UP,
    "foundation.clocks.declaring.declare_moratorium": Action.SET_UP,
    "foundation.clocks.declaring.take_back_moratorium": Action.SET_UP,
    "foundation.limits.set_second_person_above": Action.SET_SECOND_PERSON,
    "foundation.services.set_demonstration_day": Action.SET_CALENDAR,
    "foundation.staff.give_role": Action.GIVE_ROLE,
    "foundation.staff.make_account": Action.GIVE_ROLE,
    "foundation.staff.take_role": Action.GIVE_ROLE,
    "ledger.books_check.ask_for_check": Action.VERIFY_BOOKS,
    "payments.cases.close_case": Action.CLOSE_PAYMENT_CASE,
    "payments.cases.keep_unreadable": Action.REPORT_PAYMENT,
    "payouts.accounts.give_account": Action.GIVE_ACCOUNT,
    "payouts.deciding.agree_to_payout": Action.AGREE_TO_PAYOUT,
    "payouts.overpayments.waiving.agree_to_waiver": Action.AGREE_TO_WAIVER,
    **dict.fromkeys(
        (f"quick_claims.claiming.{one}" for one in ("claim_quickly", "withdraw_quick_claim")), Action.CLAIM_QUICKLY
    ),
    "quick_claims.consents.take_fetch_consent_back": Action.CLAIM_QUICKLY,
    "payments.agreements.signing.hear_agreement": Action.REPORT_PAYMENT,
    "payments.agreements.signing.sign_agreement": Action.AGREE_TO_RENEWAL,
    "payments.notices.record_notice": Action.REPORT_PAYMENT,
    "payments.refunds.deciding.agree_to_refund": Action.AGREE_TO_REFUND,
    "payments.refunds.deciding.try_refund_again": Action.PAY_BACK,
    "people.confirming.agree_to_history": Action.ENROL,
    "payments.personal_account.agency.decide_lines": Action.DECIDE_ACCOUNT_LINES,
    "payments.personal_account.areas.set_account_area": Action.SET_ACCOUNT_AREA,
    "payments.personal_account.account_balances.ask_balance": Action.ENROL,
    "payments.personal_account.clearing.settle_areas": Action.SETTLE_AREAS,
    "payments.personal_account.listing.make_list": Action.MAKE_ACCOUNT_LIST,
    "payments.personal_account.debts.ask_for_debt": Action.ENROL,
    "payments.personal_account.returning.record_return": Action.MATCH_ACCOUNT_TRANSFER,
    "payments.personal_account.transfers.record_transfer": Action.RECORD_ACCOUNT_TRANSFER,
    "payments.personal_account.transfers.transfer_received": Action.MATCH_ACCOUNT_TRANSFER,
    "payments.personal_account.transfers.transfer_returned": Action.MATCH_ACCOUNT_TRANSFER,
    "payments.reconciliation.services.ask_for_file": Action.RECONCILE,
    "payments.reconciliation.services.close_day": Action.RECONCILE,
    "payments.reconciliation.services.reconcile": Action.RECONCILE,
    "payments.reconciliation.findings.find_difference": Action.FIND_DIFFERENCE,
    "people.medical.ask_for_consent": Action.AGREE_TO_FAMILY,
    "people.medical.give_consent": Action.AGREE_TO_FAMILY,
    "people.medical.withdraw_consent": Action.AGREE_TO_FAMILY,
    "people.services.record_consent": Action.ENROL,
    "pool.services.register_insurer": Action.SET_UP,
    "pool.services.set_shares": Action.SET_SHARES,
    "pool.statements.close_months": Action.EVEN_OUT_ROUNDING,
    "messages.centre.mark_read": Action.READ_MESSAGES,
    "safeguards.questions.answer": Action.ANSWER_WAS_IT_YOU,
    "safeguards.questions.answer_by_reply": Action.REPORT_REPLY,
    "recalculation.services.request_recalculation": Action.RECALCULATE,
    **dict.fromkeys((f"subsidies.funds.open_{one}" for one in ("fund", "roster", "sponsor")), Action.OPEN_FUND),
    "subsidies.funds.pay_in": Action.RECORD_CONTRIBUTION,
    "subsidies.grants.grant_cover": Action.GRANT_COVER,
    "subsidies.rosters.propose_version": Action.IMPORT_ROSTER,
    "subsidies.rosters.send_roster": Action.IMPORT_ROSTER,
    "servicing.withdrawal.withdraw": Action.WITHDRAW_POLICY,
    "enrolment.renewing.place_renewal_order": Action.RENEW,
    "renewal.automatic.roads.record_telling": Action.TELL_OF_RENEWAL,
    "renewal.automatic.undoing.undo_by_reply": Action.REPORT_REPLY,
    "renewal.automatic.undoing.undo_renewal": Action.STOP_RENEWAL,
    "renewal.consents.agreeing.agree_to_renewal": Action.AGREE_TO_RENEWAL,
    "renewal.consents.agreeing.take_consent_back": Action.STOP_RENEWAL,
    "renewal.years.importing.send_earlier_years": Action.IMPORT_YEARS,
    "renewal.proof.giving_back.give_back_without_proof": Action.GIVE_BACK_RENEWAL,
    "servicing.withdrawal.give_back_unagreed": Action.GIVE_BACK_RENEWAL,
    "servicing.options.change_option": Action.CHANGE_OPTION,
    **dict.fromkeys(
        (f"servicing.requests.requesting.{one}" for one in ("ask_for_endorsement", "contest_record", "report_death")),
        Action.ASK_FOR_ENDORSEMENT,
    ),
    **dict.fromkeys(
        (f"servicing.requests.deciding.{one}" for one in ("close_look", "propose_request", "refuse_request")),
        Action.DECIDE_ON_POLICIES,
    ),
    "servicing.requests.numbering.give_id_number": Action.ASK_FOR_ENDORSEMENT,
    "servicing.requests.deciding.agree_to_request": Action.AGREE_ON_POLICIES,
    **dict.fromkeys(
        (f"invoicing.applying.{one}" for one in ("ask_for_invoice", "change_title")), Action.ASK_FOR_INVOICE
    ),
    **dict.fromkeys(
        (f"invoicing.working.{one}" for one in ("give_up_invoice", "try_invoice_again")), Action.WORK_ON_INVOICES
    ),
    "invoicing.issuers.set_issuer": Action.SET_INVOICE_ISSUER,
    "tasks.services.cancel_task": Action.CANCEL_TASK,
    "tasks.services.retry_task": Action.RETRY_TASK,
}
"""What each asks the table for."""
_CASE = "the use case names its actions: tests/platform/foundation/test_approvals.py"
_WITHIN = "part of a service that has asked, in its transaction"
_WORK = "a worker does what was put into the queue by somebody who might"
AT_COUNTER = {
    *("disclosure.confirming.confirm_key_terms", "enrolment.account_orders.place_order_from_account"),
    *("enrolment.services.open_terms", "enrolment.services.place_order"),
    "people.services.record_consent",
}
"""Those that staff at a counter use too, for whoever stands before them."""
_TASKS = "the queue's own keeping of its rows"
_PROVING = "who acts is what it finds out"
OTHERWISE = {
    **dict.fromkeys(
        (f"foundation.approvals.services.{one}" for one in ("propose", "answer_open", "answer_proposal", "withdraw")),
        _CASE,
    ),
    "payments.refunds.deciding.propose_refund": _CASE,
    "payouts.deciding.propose_payout": _CASE,
    "payouts.overpayments.waiving.propose_waiver": _CASE,
    **dict.fromkeys(("foundation.services.record_audit", "foundation.findings.recording.record_finding"), _WITHIN),
    **dict.fromkeys(
        (f"disclosure.sessions.keeping.{one}" for one in ("keep_moment", "keep_reported")),
        "keeps what a page has shown, or a channel says it has: who opens the page was asked, who orders too",
    ),
    "bulk.sending.record_sent": _WITHIN,
    "servicing.requests.requesting.open_for": _WITHIN,
    "disclosure.agreeing.agree_by_code": "the code is checked by people.cover_consent.check_agreed, which asks",
    "quick_claims.consents.record_fetch_consent": _WITHIN,
    "foundation.services.record_look": "its caller asks for the look; it refuses one without a purpose",
}
"""Those that are given an actor and ask for no one action, and why."""
WITHOUT = {
    "claims.services.receive_settlement": "the client is the actor: see below",
    **dict.fromkeys(
        (
            f"claims.trials.{one}"
            for one in ("confirming.cancel_trial", "confirming.confirm_trial", "trying.try_settlement")
        ),
        "the client is the actor: see test_trials.py",
    ),
    **dict.fromkeys((f"claims.receiving.{one}" for one in ("again", "decide", "in_one_transaction", "store")), _WITHIN),
    "claims.trials.trying.keep_trial": _WITHIN,
    **dict.fromkeys(("claims.holding.hold", "claims.posting.post_change", "claims.reviews.close_resent"), _WITHIN),
    **dict.fromkeys(("claims.cases.case.close", "foundation.approvals.services.drop"), _WITHIN),
    **dict.fromkeys(("claims.waiting.set_aside", "enrolment.issuing.issue", "ledger.services.post"), _WITHIN),
    **dict.fromkeys((f"enrolment.completing.{one}" for one in ("complete_order", "complete_paid")), _WITHIN),
    **dict.fromkeys((f"enrolment.bureau.{one}" for one in ("answering.answered", "records.keep_records")), _WITHIN),
    **dict.fromkeys((f"enrolment.bureau.{one}" for one in ("asking.ask_bureau", "telling.tell_waiting")), _WORK),
    "enrolment.paid.hear": _WORK,
    "payments.paying_together.pay_together": _WITHIN,
    **dict.fromkeys((f"bulk.guard.{one}" for one in ("give_back", "let_go", "move_money", "use")), _WITHIN),
    "bulk.sending.check_later": _WITHIN,
    **dict.fromkeys(("bulk.checking.check_file", "bulk.checking.check_sent"), _WORK),
    **dict.fromkeys(("bulk.enrolling.enrol_agreed", "bulk.enrolling.enrol_rows"), _WORK),
    **dict.fromkeys((f"counter.cash.{one}" for one in ("expect_cash", "give_back", "let_go", "use")), _WITHIN),
    "people.services.send_counter_code": _WITHIN,
    "tasks.services.enqueue_each": _WITHIN,
    **dict.fromkeys(("enrolment.in_groups.order_in_group", "enrolment.elsewhere.keep_told"), _WITHIN),
    "people.confirming.confirm_person": _WITHIN,
    **dict.fromkeys(
        (
            "enrolment.services.order_cover",
            "renewal.automatic.moving.move",
            "renewal.consents.consent_words.keep_words",
        ),
        _WITHIN,
    ),
    **dict.fromkeys(
        (
            "renewal.automatic.announcing.announce_in",
            "renewal.automatic.announcing.announce_renewals",
            "renewal.automatic.charging.renew_one",
            "renewal.years.importing.read_earlier",
            "renewal.proof.giving_back.check_proofs",
        ),
        _WORK,
    ),
    "people.insured_years.keep_insured_years": _WITHIN,
    **dict.fromkeys(
        ("enrolment.completing.complete", "enrolment.completing.means_moved", "enrolment.completing.move_means"), _WORK
    ),
    **dict.fromkeys(("payments.cases.open_case", "payments.services.open_payment"), _WITHIN),
    **dict.fromkeys(("payments.cases.close_cases_about", "payments.refunds.owing.owe_refund"), _WITHIN),
    "payments.agreements.signing.end_agreements": _WITHIN,
    "payments.agreements.signing.heard": _WITHIN,
    "payments.early.allocate": _WITHIN,
    "payments.personal_account.debts.debt_told": _WITHIN,
    "payments.personal_account.returning.cancel_returns": _WITHIN,
    "payments.personal_account.returning.give_back": _WITHIN,
    **dict.fromkeys([f"payments.agreements.company_tasks.{name}_agreement" for name in ("ask", "end")], _WORK),
    "payments.refunds.sending.pay_back": _WORK,
    **dict.fromkeys(("payouts.making.pay_claims", "payouts.sending.send_payout"), _WORK),
    "payouts.sending.came_back": _WITHIN,
    **dict.fromkeys(("invoicing.reds.after_refund", "invoicing.reds.sweep", "invoicing.sending.issue_invoice"), _WORK),
    **dict.fromkeys((f"invoicing.reds.{one}" for one in ("red_invoice", "take_back")), _WITHIN),
    **dict.fromkeys((f"invoicing.history.{one}" for one in ("audit", "moves_on")), _WITHIN),
    **dict.fromkeys(("payouts.sending.came_back", "payouts.sending.stated_as_paid"), _WITHIN),
    **dict.fromkeys((f"payouts.overpayments.settling.{one}" for one in ("settle", "take_steps")), _WITHIN),
    **dict.fromkeys(("payouts.overpayments.repaying.repaid", "payouts.withdrawing.withdraw_outdated"), _WITHIN),
    "payments.reconciliation.services.close_explained": _WITHIN,
    "payments.reconciliation.tasks.fetched": _WORK,
    "quick_claims.fetching.fetch_settlements": _WORK,
    **dict.fromkeys(("quick_claims.fetching.answered", "quick_claims.moving.move"), _WITHIN),
    **dict.fromkeys(("claims.fetched.take_fetched", "claims.services.receive_message"), _WITHIN),
    "foundation.cities.institution_named": _WITHIN,
    "people.services.send_own_code": _WITHIN,
    **dict.fromkeys(
        (
            "people.limits.over",
            "people.limits.too_many_checks",
            "people.limits.remember_device",
            "people.services.post_code",
        ),
        _WITHIN,
    ),
    **dict.fromkeys(("foundation.services.remember_answer", "tasks.services.enqueue", "tasks.services.stop"), _WITHIN),
    **dict.fromkeys(("desk.tasks.do_study", "recalculation.tasks.recalculate", "pool.tasks.even_out"), _WORK),
    "messages.centre.keep_sent": _WORK,
    "safeguards.undoing.undo_enrolment": _WORK,
    "safeguards.was_it_you.ask_was_it_you": _WORK,
    "disclosure.sessions.retention.remove_old_sessions": _WORK,
    **dict.fromkeys(("ledger.tasks.check_books", "ledger.books_check.record_check"), _WORK),
    **dict.fromkeys(("enrolment.payment_worker.keep_asking", "enrolment.payment_worker.ask_about_payments"), _WORK),
    **dict.fromkeys((f"payments.unanswered.{one}" for one in ("payments_to_query", "ask_soon", "ask_later")), _WORK),
    **dict.fromkeys(
        (f"subsidies.drawing.{one}" for one in ("let_go", "reserve", "return_to_funds", "secure", "use")), _WITHIN
    ),
    **dict.fromkeys((f"subsidies.roster_keeping.{one}" for one in ("keep_faults", "keep_version")), _WORK),
    **dict.fromkeys(("subsidies.roster_tasks.read_roster", "subsidies.roster_tasks.read_sent"), _WORK),
    **dict.fromkeys(("enrolment.granting.finish_grants", "enrolment.granting.make_granted_orders"), _WORK),
    "subsidies.giving_back.give_back": _WITHIN,
    **dict.fromkeys(("subsidies.grants.keep_declined", "subsidies.grants.keep_granted"), _WITHIN),
    **dict.fromkeys(("subsidies.guard.put_back", "subsidies.guard.put_in", "subsidies.guard.take_out"), _WITHIN),
    **dict.fromkeys(
        (f"payments.personal_account.opening.{one}" for one in ("held_already", "open_lines", "used", "released")),
        _WITHIN,
    ),
    **dict.fromkeys(
        ("payments.personal_account.life.move", "payments.personal_account.striking_out.struck_out"), _WITHIN
    ),
    "foundation.events.recording.append_to_each": _WITHIN,
    **dict.fromkeys((f"payments.personal_account.bureau_tasks.{one}" for one in ("hold", "charge", "release")), _WORK),
    "payments.personal_account.account_balances.answer_balance": _WORK,
    "payments.personal_account.monthly.make_lists": _WORK,
    "payments.personal_account.sheet.write_list": "writes a workbook, and nothing into the database",
    "payments.reconciliation.tasks.fetch_and_compare": _WORK,
    "seals.services.seal_waiting": "a worker seals what is there, whoever wrote it",
    **dict.fromkeys(
        (f"tasks.holding.{one}" for one in ("take", "finish", "finish_together", "mark_failed", "try_later")), _TASKS
    ),
    **dict.fromkeys(("tasks.holding.give_back", "tasks.services.plan_ahead", "tasks.worker.work_on_tasks"), _TASKS),
    "tasks.moving.give_tasks": "a migration",
    **dict.fromkeys(("people.services.send_code", "people.services.check_code", "people.services.sign_in"), _PROVING),
    **dict.fromkeys(("foundation.accounts.signed_in", "foundation.accounts.sign_in_failed"), _PROVING),
    **dict.fromkeys(("people.services.look_up", "people.services.count_missed"), "counts who asked in vain"),
    "foundation.cities.open_city": "the server's command, before there is a city for an actor to act in",
    "foundation.exchanges.record_exchange": "keeps what a door was asked and answered",
    **dict.fromkeys(("enrolment.ending.end_policy", "enrolment.ending.mark_policy"), _WITHIN),
    **dict.fromkeys((f"enrolment.differences.{one}" for one in ("ask_for_difference", "take_difference")), _WITHIN),
    **dict.fromkeys(("claims.posting.post_recalculated", "servicing.endorsing.carrying_out.carry_out"), _WITHIN),
    **dict.fromkeys((f"people.correcting.{one}" for one in ("correct_person", "register_death")), _WITHIN),
    **dict.fromkeys((f"servicing.requests.opening.{one}" for one in ("open_looks", "open_request")), _WITHIN),
    **dict.fromkeys(("servicing.options.option_paid", "servicing.requests.papers.keep_papers"), _WITHIN),
    "enrolment.entries.order_entries": "writes nothing: it makes an entry",
    "claims.recalculating.decided_again": "writes nothing: it gives what posts, to be called within a service",
    "enrolment.verification.recompute_premium": "writes nothing: it adds up",
}
"""Those that write and are given no actor, and why."""
