package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// How often each query is put to the node over gRPC and over each of its REST paths.
const calls = 10

// longest is the length of an address that servers of HTTP mostly take.
const longest = 8000

const heightHeader = "x-cosmos-block-height"

// call puts questions to the chain as a node serves it and gives what came of those over gRPC and of those over REST.
func (w *world) call() (overGrpc, overRest []any, err error) {
	node, err := w.serve()
	if err != nil {
		return nil, nil, err
	}
	defer node.stop()
	for _, method := range w.queries() {
		for range calls {
			request := dynamicpb.NewMessage(method.Input())
			w.fillRequest(request)
			if panics, err := w.panicsAt(method, request); err != nil {
				return nil, nil, err
			} else if panics {
				continue
			}
			note, err := w.grpcNote(node, "/"+string(method.Parent().FullName())+"/"+string(method.Name()), request)
			if err != nil {
				return nil, nil, err
			}
			overGrpc = append(overGrpc, note)
			for _, path := range restPaths(method) {
				if call := w.restCall(path, request); len(call.URL.RequestURI()) < longest {
					overRest = append(overRest, w.restNote(node, call))
				}
			}
		}
	}
	return overGrpc, overRest, nil
}

func (w *world) panicsAt(method protoreflect.MethodDescriptor, request proto.Message) (bool, error) {
	data, err := proto.Marshal(request)
	if err != nil {
		return false, err
	}
	path := "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
	got, err := w.app.Query(context.Background(), &abci.RequestQuery{Path: path, Data: data})
	return err == nil && got.Code == recoveredPanic, err
}

func (w *world) grpcNote(node *served, path string, request proto.Message) (numbers, error) {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return nil, err
	}
	var answer []byte
	var header metadata.MD
	failed := node.grpc.Invoke(context.Background(), path, &data, &answer, grpc.ForceCodec(asIs{}), grpc.Header(&header))
	note := numbers{"path": path, "data": lowerHex(data), "status": int(status.Code(failed)), "block_height": nil}
	if told := header.Get(heightHeader); len(told) > 0 {
		note["block_height"] = told[0]
	}
	if failed != nil {
		note["message"] = strings.ToValidUTF8(status.Convert(failed).Message(), "\ufffd")
	} else {
		note["value"] = lowerHex(answer)
	}
	return note, nil
}

// restPaths are the templates of a method's GET requests.
func restPaths(method protoreflect.MethodDescriptor) []string {
	rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
	if rule == nil {
		return nil
	}
	var paths []string
	for _, one := range append([]*annotations.HttpRule{rule}, rule.AdditionalBindings...) {
		if get := one.GetGet(); get != "" {
			paths = append(paths, get)
		}
	}
	return paths
}

var placeholder = regexp.MustCompile(`\{([a-z_.]+)(=\*\*)?\}`)

// restCall is a request as a client writes it: fields of the path in their place, the others behind it, and now and then something that is none.
func (w *world) restCall(template string, request *dynamicpb.Message) *http.Request {
	fields := request.Descriptor().Fields()
	inPath := map[string]bool{}
	path := placeholder.ReplaceAllStringFunc(template, func(found string) string {
		match := placeholder.FindStringSubmatch(found)
		inPath[match[1]] = true
		field := fields.ByName(protoreflect.Name(match[1]))
		written := url.PathEscape(restText(field, request.Get(field)))
		if match[2] != "" {
			written = strings.ReplaceAll(written, "%2F", "/")
		}
		return written
	})
	values := url.Values{}
	addParameters(values, "", request, inPath)
	switch w.Intn(16) {
	case 0:
		values.Set("unknown", "1")
	case 1:
		values.Set("pagination.limit", one(w.dice, []string{"x", "-1", "", "1.5", "99999999999999999999"}))
	case 2:
		values.Del("pagination.reverse")
		values.Set("pagination.key", one(w.dice, []string{"%", "AA==", "AA", "!"}))
	case 3:
		values.Set("pagination.count_total", one(w.dice, []string{"1", "yes", "TRUE", "t", ""}))
	case 4:
		path += "/"
	case 5:
		values.Add("pagination.limit", "1")
		values.Add("pagination.limit", "2")
	}
	call := httptest.NewRequest(http.MethodGet, "http://node"+path, nil)
	call.URL.RawQuery = values.Encode()
	if w.oneIn(20) {
		call.Header.Set(heightHeader, one(w.dice, []string{"0", "-1", "abc", text(w.height), text(w.height + 9)}))
	}
	return call
}

// addParameters writes fields that are set as parameters; messages have their fields after a dot.
func addParameters(values url.Values, prefix string, message protoreflect.Message, skipped map[string]bool) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		name := prefix + string(field.Name())
		switch {
		case skipped[name]:
		case field.IsList():
			for at := range value.List().Len() {
				values.Add(name, restText(field, value.List().Get(at)))
			}
		case field.Kind() == protoreflect.MessageKind:
			addParameters(values, name+".", value.Message(), skipped)
		default:
			values.Add(name, restText(field, value))
		}
		return true
	})
}

func restText(field protoreflect.FieldDescriptor, value protoreflect.Value) string {
	switch field.Kind() {
	case protoreflect.BytesKind:
		return base64.StdEncoding.EncodeToString(value.Bytes())
	case protoreflect.EnumKind:
		// The old form of gov takes numbers alone.
		named := field.Enum().Values().ByNumber(value.Enum())
		if named != nil && value.Enum()%2 == 0 && !strings.HasPrefix(string(field.Enum().FullName()), "cosmos.gov.v1beta1.") {
			return string(named.Name())
		}
		return strconv.Itoa(int(value.Enum()))
	default:
		return value.String()
	}
}

var noted = []string{"content-type", "grpc-metadata-content-type", "grpc-metadata-" + heightHeader, heightHeader}

func (w *world) restNote(node *served, call *http.Request) numbers {
	answer := httptest.NewRecorder()
	node.rest.ServeHTTP(answer, call)
	headers := numbers{}
	for _, name := range noted {
		if value := answer.Header().Get(name); value != "" {
			headers[name] = value
		}
	}
	note := numbers{"method": call.Method, "path": call.URL.RequestURI(), "status": answer.Code, "headers": headers}
	if asked := call.Header.Get(heightHeader); asked != "" {
		note["request_headers"] = numbers{heightHeader: asked}
	}
	if body := bytes.TrimSpace(answer.Body.Bytes()); json.Valid(body) {
		note["body"] = json.RawMessage(body)
	} else {
		note["text"] = string(body)
	}
	return note
}
