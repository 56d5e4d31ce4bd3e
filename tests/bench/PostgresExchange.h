// The same exchange as a schema and a PL/pgSQL function: balances verified and held, an order stored, matched by price
// and time, each match a numbered instruction with four ledger legs and fees, all in one durable transaction.
#pragma once

namespace tallylock::bench {

/// Needs the accounts 0 .. n-1 to be inserted. Amounts in whole ledger units, prices in ticks, quantities in lots; one
/// lot at one tick is 100 units of the quote.
inline constexpr const char* kPostgresExchange = R"sql(
CREATE TABLE account (id int PRIMARY KEY, usd numeric(39,0) NOT NULL, usd_held numeric(39,0) NOT NULL DEFAULT 0,
  btc numeric(39,0) NOT NULL, btc_held numeric(39,0) NOT NULL DEFAULT 0,
  CHECK (usd_held >= 0 AND usd_held <= usd AND btc_held >= 0 AND btc_held <= btc));
CREATE TABLE orders (id bigserial PRIMARY KEY, account int NOT NULL, side smallint NOT NULL, ticks bigint NOT NULL,
  lots bigint NOT NULL, remaining bigint NOT NULL, placed timestamptz NOT NULL DEFAULT now());
CREATE INDEX buys ON orders (ticks DESC, id) WHERE side = 0 AND remaining > 0;
CREATE INDEX sells ON orders (ticks, id) WHERE side = 1 AND remaining > 0;
CREATE TABLE instruction (id bigserial PRIMARY KEY, maker bigint NOT NULL, taker bigint NOT NULL, ticks bigint NOT NULL,
  lots bigint NOT NULL);
CREATE TABLE ledger_entry (instruction bigint NOT NULL, account int NOT NULL, unit smallint NOT NULL,
  delta numeric(39,0) NOT NULL);

CREATE FUNCTION place_order(who int, s smallint, limit_ticks bigint, wanted bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  rest bigint := wanted; number bigint; maker record; fill bigint; cost numeric; lot_units constant numeric := 10000;
  per constant numeric := 100; buyer int; seller int; made bigint; worst numeric;
BEGIN
  PERFORM pg_advisory_xact_lock(1); -- price, then time: one at a time
  worst := limit_ticks * wanted * per * 10020 / 10000;
  IF s = 0 THEN
    UPDATE account SET usd_held = usd_held + ceil(worst) WHERE id = who AND usd - usd_held >= ceil(worst);
  ELSE
    UPDATE account SET btc_held = btc_held + wanted * lot_units WHERE id = who AND btc - btc_held >= wanted * lot_units;
  END IF;
  IF NOT FOUND THEN RETURN 0; END IF;
  INSERT INTO orders (account, side, ticks, lots, remaining) VALUES (who, s, limit_ticks, wanted, wanted)
    RETURNING id INTO number;
  WHILE rest > 0 LOOP
    IF s = 0 THEN
      SELECT * INTO maker FROM orders WHERE side = 1 AND remaining > 0 AND ticks <= limit_ticks ORDER BY ticks, id LIMIT 1;
    ELSE
      SELECT * INTO maker FROM orders WHERE side = 0 AND remaining > 0 AND ticks >= limit_ticks
        ORDER BY ticks DESC, id LIMIT 1;
    END IF;
    EXIT WHEN NOT FOUND;
    fill := least(rest, maker.remaining);
    cost := maker.ticks * fill * per;
    rest := rest - fill;
    UPDATE orders SET remaining = remaining - fill WHERE id = maker.id;
    INSERT INTO instruction (maker, taker, ticks, lots) VALUES (maker.id, number, maker.ticks, fill) RETURNING id INTO made;
    buyer := CASE WHEN s = 0 THEN who ELSE maker.account END;
    seller := CASE WHEN s = 0 THEN maker.account ELSE who END;
    UPDATE account SET usd = usd - cost,
      usd_held = greatest(usd_held - CASE WHEN s = 0 THEN limit_ticks ELSE maker.ticks END * fill * per, 0),
      btc = btc + fill * lot_units WHERE id = buyer;
    UPDATE account SET usd = usd + cost, btc = btc - fill * lot_units, btc_held = btc_held - fill * lot_units
      WHERE id = seller;
    INSERT INTO ledger_entry VALUES (made, buyer, 4, -cost), (made, seller, 4, cost), (made, seller, 1, -fill * lot_units),
      (made, buyer, 1, fill * lot_units);
  END LOOP;
  UPDATE orders SET remaining = rest WHERE id = number AND remaining <> rest;
  RETURN number;
END $$;
)sql";

/// The flow of OrderFlow.h, as a script of pgbench.
inline constexpr const char* kPostgresFlow = R"sql(
\set who random(0, 63)
\set side random(0, 1)
\set away random(1, 100)
\set takes random(0, 9)
\set lots random(1, 20)
\set ticks 6500000 + :away * (CASE WHEN (:side = 0 AND :takes = 0) OR (:side <> 0 AND :takes <> 0) THEN 1 ELSE -1 END)
SELECT place_order(:who, :side::smallint, :ticks, :lots);
)sql";

} // namespace tallylock::bench
