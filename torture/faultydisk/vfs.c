#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "vfs.h"

enum { OK = 0, IOERR_WRITE = 778, IOERR_FSYNC = 1034, IOERR_TRUNCATE = 1546 };
enum { FAIL_WRITE, TEAR_WRITE, FAIL_SYNC };

// A file of ours stands before the real one, which follows it in memory.
typedef struct {
	sqlite3_file base;
	int watched;
} faulty_file;

static sqlite3_file *real(sqlite3_file *f) { return (sqlite3_file *)((faulty_file *)f + 1); }

static sqlite3_vfs ours, *theirs;
static char watched_folder[4096];
static atomic_int left, kind, for_good, hits; // left 0: not armed

void faulty_arm(int after, int k, int good) {
	atomic_store(&kind, k);
	atomic_store(&for_good, good);
	atomic_store(&hits, 0);
	atomic_store(&left, after);
}

int faulty_hits(void) { return atomic_load(&hits); }

// strikes says whether this is the one that fails; the disk that is broken for good
// fails at every one from there on.
static int strikes(sqlite3_file *f, int is_sync) {
	if (!((faulty_file *)f)->watched || is_sync != (atomic_load(&kind) == FAIL_SYNC)) return 0;
	int now = atomic_load(&left);
	if (now <= 0) return 0;
	if (now > 1) { atomic_fetch_sub(&left, 1); return 0; }
	if (!atomic_load(&for_good)) atomic_store(&left, 0);
	atomic_fetch_add(&hits, 1);
	return 1;
}

static int f_close(sqlite3_file *f) { return real(f)->methods->close(real(f)); }
static int f_read(sqlite3_file *f, void *p, int n, i64 at) { return real(f)->methods->read(real(f), p, n, at); }
static int f_write(sqlite3_file *f, const void *p, int n, i64 at) {
	if (strikes(f, 0)) {
		if (atomic_load(&kind) == TEAR_WRITE) (void)real(f)->methods->write(real(f), p, n / 2, at);
		return IOERR_WRITE;
	}
	return real(f)->methods->write(real(f), p, n, at);
}
static int f_truncate(sqlite3_file *f, i64 n) {
	if (strikes(f, 0)) return IOERR_TRUNCATE;
	return real(f)->methods->truncate(real(f), n);
}
static int f_sync(sqlite3_file *f, int flags) {
	if (strikes(f, 1)) return IOERR_FSYNC;
	return real(f)->methods->sync(real(f), flags);
}
static int f_size(sqlite3_file *f, i64 *n) { return real(f)->methods->file_size(real(f), n); }
static int f_lock(sqlite3_file *f, int l) { return real(f)->methods->lock(real(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return real(f)->methods->unlock(real(f), l); }
static int f_reserved(sqlite3_file *f, int *r) { return real(f)->methods->check_reserved_lock(real(f), r); }
static int f_control(sqlite3_file *f, int op, void *p) { return real(f)->methods->file_control(real(f), op, p); }
static int f_sector(sqlite3_file *f) { return real(f)->methods->sector_size(real(f)); }
static int f_device(sqlite3_file *f) { return real(f)->methods->device_characteristics(real(f)); }
static int f_map(sqlite3_file *f, int a, int b, int c, void volatile **p) { return real(f)->methods->shm_map(real(f), a, b, c, p); }
static int f_shm_lock(sqlite3_file *f, int a, int b, int c) { return real(f)->methods->shm_lock(real(f), a, b, c); }
static void f_barrier(sqlite3_file *f) { real(f)->methods->shm_barrier(real(f)); }
static int f_unmap(sqlite3_file *f, int d) { return real(f)->methods->shm_unmap(real(f), d); }

static const sqlite3_io_methods methods = {
	2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control, f_sector, f_device,
	f_map, f_shm_lock, f_barrier, f_unmap,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out) {
	(void)v;
	f->methods = 0;
	((faulty_file *)f)->watched = name && watched_folder[0] && strncmp(name, watched_folder, strlen(watched_folder)) == 0;
	int result = theirs->open(theirs, name, real(f), flags, out);
	if (real(f)->methods) f->methods = &methods;
	return result;
}

// faulty_install puts itself before the usual layer, for the files of one folder.
int faulty_install(const char *folder) {
	strncpy(watched_folder, folder, sizeof watched_folder - 1);
	if (theirs) return OK;
	theirs = sqlite3_vfs_find(0);
	ours = *theirs;
	ours.name = "faulty";
	ours.next = 0;
	ours.file_bytes = (int)sizeof(faulty_file) + theirs->file_bytes;
	ours.open = v_open;
	return sqlite3_vfs_register(&ours, 1);
}
