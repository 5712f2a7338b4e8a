-- A text that lines share.
-- Grain: one row, none where there is no such text.
-- Parameters: :id
SELECT text FROM text WHERE id = :id;
