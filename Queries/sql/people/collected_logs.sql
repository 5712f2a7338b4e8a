-- How far `meshweft collect` has read the log of each run of a container.
-- Grain: one row per container and run of it, of which two are kept.
-- Parameters: none
-- Order: mesh cluster, namespace, pod, container, the pod's uid, restarts.
SELECT mesh_cluster, namespace, pod, container, uid, restarts, last_us, from_us, is_complete, read_as
FROM collected_log
ORDER BY mesh_cluster, namespace, pod, container, uid, restarts;
