-- How far one mesh cluster's clock is ahead of another's, as the requests between them tell.
-- Grain: one row per unit of time that was correlated at once, and ordered pair of mesh clusters.
-- Parameters: none.
-- offset_us is right at reference_us (client's clock) and grows by drift_ppm microseconds per second.
-- Order: pair, then time.
SELECT client_mesh_cluster, server_mesh_cluster, reference_us, offset_us, drift_ppm, uncertainty_us, requests
FROM clock_estimate
ORDER BY client_mesh_cluster, server_mesh_cluster, reference_us;
