package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// bbolt maps its file and trusts the page numbers, positions and lengths in
// it: a flipped bit there can end the process with a fault no program can
// catch, also in bbolt's own check. So the skeleton of the file is read here
// first, as bytes, from the layout bbolt has written since version 2 of its
// format.

const (
	pageHead    = 16 // id(8) flags(2) count(2) overflow(4)
	elementSize = 16 // branch: pos(4) ksize(4) page(8); leaf: flags(4) pos(4) ksize(4) vsize(4)
	bucketHead  = 16 // root page(8), 0 for a bucket kept inside its element; sequence(8)
	metaSize    = 64
	branchPage  = 1
	leafPage    = 2
	boltMagic   = 0xED0CDAED
	boltVersion = 2
)

// boltOrder is the order of bytes in bbolt's own structures: the machine's.
var boltOrder = binary.NativeEndian

// metaPages looks at the two meta pages. bbolt needs one of them and takes the
// younger; when that is damaged it silently goes back by one transaction.
func (c *checker) metaPages(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // opened for reading
	size, valid := int64(0), [2]bool{}
	valid[0], size = readMeta(f, 0)
	for s := int64(512); size == 0 && s <= 1<<17; s *= 2 {
		if ok, told := readMeta(f, s); ok && told == s {
			size = s
		}
	}
	if size != 0 {
		valid[1], _ = readMeta(f, size)
	}
	for i, ok := range valid {
		if !ok {
			c.problemf("meta page %d is damaged: what the last transaction wrote may be missing", i)
		}
	}
	return nil
}

func readMeta(r io.ReaderAt, at int64) (ok bool, pageSize int64) {
	m := make([]byte, metaSize)
	if _, err := r.ReadAt(m, at+pageHead); err != nil {
		return false, 0
	}
	sum := fnv.New64a()
	sum.Write(m[:metaSize-8])
	if boltOrder.Uint32(m) != boltMagic || boltOrder.Uint32(m[4:]) != boltVersion || boltOrder.Uint64(m[metaSize-8:]) != sum.Sum64() {
		return false, 0
	}
	return true, int64(boltOrder.Uint32(m[8:]))
}

// skeleton walks every page a transaction can reach.
func (c *checker) skeleton(b *bolt.Tx) error {
	c.tell("skeleton")
	f, err := os.Open(b.DB().Path())
	if err != nil {
		return err
	}
	defer f.Close() // opened for reading
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := int64(b.DB().Info().PageSize)
	w := &pageWalk{c: c, file: f, size: size, seen: make([]bool, b.Size()/size)}
	if info.Size() < b.Size() {
		c.problemf("the file is cut off: it has %d bytes and should have %d", info.Size(), b.Size())
		return nil
	}
	w.seen[0], w.seen[1] = true, true // the meta pages
	w.tree(uint64(b.Cursor().Bucket().Root()), true)
	return nil
}

// soundSkeleton returns the first thing wrong with the pages of an open file;
// without one bbolt can be asked about it.
func soundSkeleton(db *bolt.DB) error {
	c := newChecker(nil)
	if err := db.View(c.skeleton); err != nil {
		return err
	}
	if !c.sound() {
		return errors.New(c.rep.Problems[0])
	}
	return nil
}

// pageWalk goes through trees of pages and meets each page once.
type pageWalk struct {
	c    *checker
	file io.ReaderAt
	size int64
	seen []bool // by page number, up to the file's high-water mark
	buf  []byte // the page at hand
}

// pageRef is a page still to be walked, with the keys it may hold: from low on,
// below high; nil is no bound.
type pageRef struct {
	id        uint64
	low, high []byte
}

// tree walks a tree from its root. In the tree of tables every element is a
// bucket with a tree of its own; in the others none is.
func (w *pageWalk) tree(root uint64, ofTables bool) {
	todo := []pageRef{{id: root}}
	for len(todo) > 0 {
		ref := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		var roots []uint64
		var children []pageRef
		before, first := ref.low, true
		err := w.page(ref.id, func(e pageElement) error {
			order := bytes.Compare(before, e.key)
			if order > 0 || order == 0 && !first || ref.high != nil && bytes.Compare(e.key, ref.high) >= 0 {
				return fmt.Errorf("element %x is out of order", e.key)
			}
			before, first = e.key, false
			if e.branch {
				key := bytes.Clone(e.key) // the next page takes this one's place
				if n := len(children); n > 0 {
					children[n-1].high = key
				}
				children = append(children, pageRef{e.page, key, ref.high})
				return nil
			}
			if e.flags != 0 != ofTables || e.flags > 1 {
				return fmt.Errorf("element %x is of an unknown kind", e.key)
			}
			if !ofTables {
				return nil
			}
			root, err := bucketRoot(e.value)
			if root != 0 {
				roots = append(roots, root)
			}
			return err
		})
		if err != nil {
			w.c.problemf("page %d is damaged: %v", ref.id, err)
			continue
		}
		todo = append(todo, children...)
		for _, r := range roots {
			w.tree(r, false)
		}
	}
}

// page reads a page with its overflow and visits its elements.
func (w *pageWalk) page(id uint64, visit func(pageElement) error) error {
	if id >= uint64(len(w.seen)) {
		return fmt.Errorf("it lies beyond the last page, %d", len(w.seen)-1)
	}
	w.buf = slices.Grow(w.buf[:0], int(w.size))[:w.size]
	head := w.buf
	if _, err := w.file.ReadAt(head, int64(id)*w.size); err != nil {
		return err
	}
	if got := boltOrder.Uint64(head); got != id {
		return fmt.Errorf("it calls itself page %d", got)
	}
	pages := uint64(boltOrder.Uint32(head[12:])) + 1
	if id+pages > uint64(len(w.seen)) {
		return fmt.Errorf("its %d pages reach beyond the last, %d", pages, len(w.seen)-1)
	}
	for i := id; i < id+pages; i++ {
		if w.seen[i] {
			return fmt.Errorf("page %d is used twice", i)
		}
		w.seen[i] = true
	}
	body := slices.Grow(w.buf, int(int64(pages-1)*w.size))[:int64(pages)*w.size]
	if _, err := w.file.ReadAt(body[w.size:], (int64(id)+1)*w.size); pages > 1 && err != nil {
		return err
	}
	w.buf = body
	end, err := pageElements(body, visit)
	if err == nil && uint64((int64(end)+w.size-1)/w.size) != pages {
		err = fmt.Errorf("it takes %d pages for %d bytes", pages, end)
	}
	return err
}

// pageElement is one element of a page: a branch's child or a leaf's record.
type pageElement struct {
	branch     bool
	page       uint64
	flags      uint32
	key, value []byte
}

// pageElements visits the elements of a page and returns where they end. They
// lie one behind the other with no gap, as bbolt writes them, so that a changed
// position, length or count cannot go unseen.
func pageElements(body []byte, visit func(pageElement) error) (end int, err error) {
	flags, n := boltOrder.Uint16(body[8:]), int(boltOrder.Uint16(body[10:]))
	if flags != branchPage && flags != leafPage {
		return 0, fmt.Errorf("it is of no kind (flags %x)", flags)
	}
	end = pageHead + n*elementSize
	for i := range n {
		at := pageHead + i*elementSize
		if at+elementSize > len(body) {
			return 0, errors.New("its elements do not fit")
		}
		raw, e := body[at:], pageElement{branch: flags == branchPage}
		var pos, ksize, vsize uint32
		if e.branch {
			pos, ksize, e.page = boltOrder.Uint32(raw), boltOrder.Uint32(raw[4:]), boltOrder.Uint64(raw[8:])
		} else {
			e.flags, pos = boltOrder.Uint32(raw), boltOrder.Uint32(raw[4:])
			ksize, vsize = boltOrder.Uint32(raw[8:]), boltOrder.Uint32(raw[12:])
		}
		next := int64(end) + int64(ksize) + int64(vsize)
		if int64(at)+int64(pos) != int64(end) || ksize == 0 || next > int64(len(body)) {
			return 0, fmt.Errorf("element %d is not where it belongs", i)
		}
		split := end + int(ksize)
		e.key, e.value = body[end:split], body[split:next]
		if err := visit(e); err != nil {
			return 0, err
		}
		end = int(next)
	}
	return end, nil
}

// bucketRoot returns the root page of a table, 0 for one that lies whole inside
// its element.
func bucketRoot(v []byte) (uint64, error) {
	if len(v) < bucketHead {
		return 0, errors.New("a table without a root")
	}
	if root := boltOrder.Uint64(v); root != 0 {
		return root, nil
	}
	inside := v[bucketHead:]
	if len(inside) < pageHead || boltOrder.Uint16(inside[8:]) != leafPage {
		return 0, errors.New("a small table is no leaf")
	}
	end, err := pageElements(inside, func(e pageElement) error {
		if e.flags != 0 {
			return errors.New("a small table holds another")
		}
		return nil
	})
	if err == nil && end != len(inside) {
		err = errors.New("a small table is longer than its records")
	}
	return 0, err
}
