-- One hop, with every name resolved.
-- Grain: one row per hop, at most one. The columns are those of the view `hops`.
-- Parameters: :id  its key
SELECT * FROM hops WHERE id = :id;
