#!/bin/sh
# sbatch --array=1-16 slurm.sh, then sbatch --dependency=afterok:JOB --wrap 'freshfront deploy --finish --release-name JOB --bucket my-site'
exec npx freshfront deploy /shared/public --bucket my-site --lock-wait 60 \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --release-name "$SLURM_ARRAY_JOB_ID"
