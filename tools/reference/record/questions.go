package main

import (
	"context"
	"slices"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	gogoproto "github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// How often each query is asked, and how many of its pages are turned then.
const (
	askings = 40
	pages   = 3
)

// recoveredPanic is the code of a request at which the SDK panics. It is left out.
const recoveredPanic = 111222

// questions puts to the chain, at its end, every query that its modules answer, with requests of all kinds, and writes down what came of them.
func (w *world) questions() ([]any, error) {
	var notes []any
	seen := map[string]bool{}
	for _, method := range w.queries() {
		path := "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
		for range askings {
			request := dynamicpb.NewMessage(method.Input())
			w.fillRequest(request)
			for range pages {
				data, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
				if err != nil {
					return nil, err
				}
				if seen[path+string(data)] {
					break
				}
				seen[path+string(data)] = true
				got, err := w.app.Query(context.Background(), &abci.RequestQuery{Path: path, Data: data})
				if err != nil {
					return nil, err
				}
				if got.Code == recoveredPanic {
					break
				}
				notes = append(notes, questionNote(path, data, got))
				if !turnPage(request, got.Value, method.Output()) {
					break
				}
			}
		}
	}
	return notes, nil
}

// queries are the methods of all modules' query services, by name.
func (w *world) queries() []protoreflect.MethodDescriptor {
	var methods []protoreflect.MethodDescriptor
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		services := file.Services()
		for at := range services.Len() {
			service := services.Get(at)
			for number := range service.Methods().Len() {
				method := service.Methods().Get(number)
				path := "/" + string(service.FullName()) + "/" + string(method.Name())
				if service.Name() == "Query" && w.app.GRPCQueryRouter().Route(path) != nil && !strings.HasPrefix(path, "/cosmos.app.") && !strings.HasPrefix(path, "/cosmos.autocli.") {
					methods = append(methods, method)
				}
			}
		}
		return true
	})
	slices.SortFunc(methods, func(a, b protoreflect.MethodDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return methods
}

func questionNote(path string, data []byte, got *abci.ResponseQuery) numbers {
	note := numbers{"path": path, "data": lowerHex(data), "code": got.Code, "value": lowerHex(got.Value), "response_height": text(got.Height)}
	if got.Code != 0 {
		note["codespace"], note["log"] = got.Codespace, strings.ToValidUTF8(got.Log, "�")
	}
	return note
}

// fillRequest gives fields what their names ask for, mostly.
func (w *world) fillRequest(request *dynamicpb.Message) {
	fields := request.Descriptor().Fields()
	for at := range fields.Len() {
		field := fields.Get(at)
		switch {
		case field.IsList():
			for range w.Intn(3) {
				request.Mutable(field).List().Append(w.answerTo(field))
			}
		case field.Kind() == protoreflect.MessageKind && field.Message().FullName() == "cosmos.base.query.v1beta1.PageRequest":
			if !w.oneIn(4) {
				w.fillPage(request.Mutable(field).Message())
			}
		case field.Kind() != protoreflect.MessageKind && !w.oneIn(12):
			request.Set(field, w.answerTo(field))
		}
	}
}

func (w *world) answerTo(field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(w.wordFor(string(field.Name())))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(w.anybody().address())
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(w.oneIn(2))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(w.between(-1, 6)))
	case protoreflect.Uint64Kind:
		number := uint64(w.between(0, 100))
		if len(w.scene.proposals) > 0 && !w.oneIn(4) {
			number = one(w.dice, w.scene.proposals).Id
		}
		return protoreflect.ValueOfUint64(number)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(w.between(-1, w.height+2))
	default:
		return field.Default()
	}
}

// wordFor is mostly of the kind that a field with such a name has.
func (w *world) wordFor(name string) string {
	somebody := w.anybody()
	cons := sdk.ConsAddress(somebody.consensus.PubKey().Address()).String()
	switch {
	case w.oneIn(9):
		return w.oddText(somebody.address().String())
	case strings.Contains(name, "denom"):
		return one(w.dice, append(w.plan.denoms(), "uother"))
	case strings.Contains(name, "cons"):
		return cons
	case strings.Contains(name, "val") || strings.Contains(name, "dst") || strings.Contains(name, "src"):
		return w.validator()
	case name == "status":
		return one(w.dice, []string{"", "BOND_STATUS_BONDED", "BOND_STATUS_UNBONDING", "BOND_STATUS_UNBONDED", "BOND_STATUS_UNSPECIFIED"})
	case name == "params_type":
		return one(w.dice, []string{"deposit", "voting", "tallying", "x"})
	case name == "msg_type_url":
		return sdk.MsgTypeURL(one(w.dice, grantable))
	case name == "name" || name == "module_name":
		return one(w.dice, append(followed, "bank", "nobody"))
	case name == "hash" || name == "evidence_hash":
		return one(w.dice, []string{"", "DF0C23E8634E480F84B9D5674A7CDC9816466DEC28A3358F73260F68D28D7660", "xy"})
	case name == "query":
		return one(w.dice, []string{"", "x"})
	default:
		return somebody.address().String()
	}
}

// fillPage asks for a page, now and then for one that nobody has, but not backwards then: where such a page begins is an accident of the SDK's.
func (w *world) fillPage(page protoreflect.Message) {
	fields := page.Descriptor().Fields()
	set := func(name string, value protoreflect.Value) { page.Set(fields.ByName(protoreflect.Name(name)), value) }
	set("limit", protoreflect.ValueOfUint64(one(w.dice, []uint64{0, 1, 2, 3, 5, 100, 1 << 40})))
	set("count_total", protoreflect.ValueOfBool(w.oneIn(3)))
	set("reverse", protoreflect.ValueOfBool(w.oneIn(4)))
	switch w.Intn(6) {
	case 0:
		set("offset", protoreflect.ValueOfUint64(one(w.dice, []uint64{1, 2, 7, 1 << 40})))
	case 1:
		set("key", protoreflect.ValueOfBytes(w.anybody().address()))
		page.Clear(fields.ByName("reverse"))
		if w.oneIn(3) {
			set("offset", protoreflect.ValueOfUint64(1))
		}
	case 2:
		set("key", protoreflect.ValueOfBytes([]byte{byte(w.Intn(256))}))
		page.Clear(fields.ByName("reverse"))
	}
}

// turnPage makes a request one for the page after the answer; false when there is none.
func turnPage(request *dynamicpb.Message, answer []byte, kind protoreflect.MessageDescriptor) bool {
	field, answered := request.Descriptor().Fields().ByName("pagination"), kind.Fields().ByName("pagination")
	if field == nil || answered == nil || answered.Message() == nil {
		return false
	}
	read := dynamicpb.NewMessage(kind)
	if err := proto.Unmarshal(answer, read); err != nil {
		return false
	}
	page := read.Get(answered).Message()
	next := page.Get(page.Descriptor().Fields().ByName("next_key")).Bytes()
	if len(next) == 0 {
		return false
	}
	asked := request.Mutable(field).Message()
	asked.Clear(asked.Descriptor().Fields().ByName("offset"))
	asked.Set(asked.Descriptor().Fields().ByName("key"), protoreflect.ValueOfBytes(next))
	return true
}
